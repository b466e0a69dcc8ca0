import { type JsonObject, type OutboxMessage, toIso, type Transaction } from '#libs/kernel';
import { type OverrideKey, overrideRowKey } from './override.ts';

/** The audit source, and the `source` of every message: the service, not the replica. */
export const FF_SOURCE = '/ptt/ff';

export const NAMESPACES = ['flag', 'override', 'evaluated', 'jwks'] as const;
export type Namespace = (typeof NAMESPACES)[number];

export const TRIGGERS = ['override_mutation', 'registry_reload', 'ttl_expiry', 'manual_op'] as const;
export type Trigger = (typeof TRIGGERS)[number];

/** What a message without a version tells to drop: everything of the namespace, or one flag's, tenant's or user's. */
export type InvalidationScope =
  | Readonly<Record<string, never>>
  | { readonly flag: string }
  | { readonly tenant: string }
  | { readonly user: string };

/** The message for one entry, of which nothing older than `version` may be served any more. */
export function invalidateKey(
  tx: Transaction,
  entry: { readonly namespace: Namespace; readonly key: string; readonly version: number; readonly trigger: Trigger },
): OutboxMessage {
  const { namespace, key, version, trigger } = entry;
  return message(tx, namespace, trigger, { key, version });
}

/** The message for many entries at once; `epoch` rises with each one. */
export function invalidateScope(
  tx: Transaction,
  entries: { readonly namespace: Namespace; readonly scope: InvalidationScope; readonly trigger: Trigger },
): OutboxMessage {
  const { namespace, scope, trigger } = entries;
  return message(tx, namespace, trigger, { scope, epoch: tx.nextVersion() });
}

/** The cache key of a flag, e.g. `ptt:ff:flag:ff.example`. */
export function flagCacheKey(flagKey: string): string {
  return `ptt:ff:flag:${encodeURIComponent(flagKey)}`;
}

/** The cache key of an override, e.g. `ptt:ff:override:tenant:T-pty:ff.example`. */
export function overrideCacheKey(key: OverrideKey): string {
  return `ptt:ff:override:${overrideRowKey(key)}`;
}

/** The cache key of an evaluation before the gate, e.g. `ptt:ff:evaluated:ff.example:T-pty:U-9:{digest}`. */
export function evaluatedCacheKey(of: {
  readonly flagKey: string;
  readonly tenantId: string | null;
  readonly userId: string | null;
  readonly subject: string;
}): string {
  const parts = [of.flagKey, of.tenantId ?? '', of.userId ?? '', of.subject];
  return `ptt:ff:evaluated:${parts.map(encodeURIComponent).join(':')}`;
}

/**
 * The event of an entry whose hard TTL is over on this replica; it is published to nobody. Null for an entry that said
 * that there never was anything: that has no version to be told of by.
 */
export function expiryEvent(
  by: Pick<Transaction, 'at' | 'newId'>,
  namespace: Namespace,
  key: string,
  version: number,
): OutboxMessage['payload'] | null {
  if (version === 0) return null;
  return message(by, namespace, 'ttl_expiry', { key, version }).payload;
}

function message(
  tx: Pick<Transaction, 'at' | 'newId'>,
  namespace: Namespace,
  trigger: Trigger,
  what: JsonObject,
): OutboxMessage {
  return {
    channel: 'ptt.ff.invalidate',
    payload: {
      v: 1,
      event_id: tx.newId(),
      namespace,
      trigger,
      occurred_at: toIso(tx.at),
      source: FF_SOURCE,
      ...what,
    },
  };
}
