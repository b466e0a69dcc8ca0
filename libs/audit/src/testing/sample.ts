import type { Actor, AuditEntry } from '#libs/kernel';
import type { RecordedBy } from '../domain/event.ts';

const ACTOR: Actor = {
  id: 'U-9',
  roles: ['product_owner'],
  scopes: new Set(['ff:override']),
  tenants: ['T-pty'],
  verified: true,
  approvalRef: 'APP-100001-x',
};

/** What that actor did. Its number is one that canonical JSON writes with an exponent. */
export const ENTRY: AuditEntry = {
  action: 'override.set',
  target: { type: 'flag', id: 'ff.example' },
  tenantId: 'T-pty',
  before: null,
  after: { value: true, count: 1e21 },
  outcome: 'accepted',
  reason: 'rollout',
  approvalRef: 'APP-100001-x',
};

export const BY: RecordedBy = {
  actor: ACTOR,
  trace: { correlationId: 'c-1', causationId: 'c-0' },
  at: Date.UTC(2026, 10, 22, 21, 6, 38),
};
