/** Every scope a token can carry. */
export const SCOPES = [
  'ff:read',
  'ff:override',
  'ff:registry',
  'ff:ops',
  'admin:read',
  'admin:check',
  'admin:issue',
  'admin:sign',
  'admin:withdraw',
  'admin:audit',
  'admin:ingest',
] as const;
export type Scope = (typeof SCOPES)[number];

/** Who asks, as far as their token was read. */
export interface Actor {
  /** The token's `sub`; `anonymous` when there is none. */
  readonly id: string;
  readonly roles: readonly string[];
  /** The scopes of a verified token; not looked at when `verified` is false. */
  readonly scopes: ReadonlySet<string>;
  /** The tenants the token is bound to; null when it is bound to none and may speak for any. */
  readonly tenants: readonly string[] | null;
  /** False in decode-only mode: the claims were read and not checked. */
  readonly verified: boolean;
  /** The approval that the token's holder means, from the claim `approval_ref`. */
  readonly approvalRef: string | null;
}

/** What happens on the system's own account: seeding, a foreign edit. It has no token, so it is not verified. */
export function systemActor(id: 'seed' | 'foreign_edit' | 'gate' | 'operator'): Actor {
  return { id, roles: [], scopes: new Set(), tenants: null, verified: false, approvalRef: null };
}

/** What joins the records of one request. */
export interface Trace {
  readonly correlationId: string;
  readonly causationId?: string;
}
