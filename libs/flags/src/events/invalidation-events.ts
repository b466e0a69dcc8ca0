import type { JsonObject, OutboxMessage } from '#libs/kernel';
import { TRIGGERS } from '../domain/invalidation.ts';

/** An override was set or removed; the payload is a `ptt.ff.invalidate`, to be published as it is. */
export class OverrideChanged {
  constructor(readonly payload: JsonObject) {}
}

/** Definitions changed or were read again: by reload, import, or somebody's edit of the file. */
export class RegistryReloaded {
  constructor(readonly payload: JsonObject) {}
}

/** Somebody invalidated caches by hand, or an entry's time ran out on this replica. */
export class CacheInvalidated {
  constructor(readonly payload: JsonObject) {}
}

export type InvalidationEvent = OverrideChanged | RegistryReloaded | CacheInvalidated;

const EVENT_OF_TRIGGER = {
  override_mutation: OverrideChanged,
  registry_reload: RegistryReloaded,
  manual_op: CacheInvalidated,
  ttl_expiry: CacheInvalidated,
} as const;

/** The event that a committed message tells of; null for a message of another channel. */
export function invalidationEvent({ channel, payload }: OutboxMessage): InvalidationEvent | null {
  if (channel !== 'ptt.ff.invalidate') return null;
  const trigger = TRIGGERS.find((one) => one === payload['trigger']);
  return trigger === undefined ? null : new EVENT_OF_TRIGGER[trigger](payload);
}
