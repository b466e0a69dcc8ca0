import { type Decision, type Transaction, unchanged } from '#libs/kernel';
import { type Override, type OverrideKey, overrideRowKey } from './override.ts';
import { overrideMessage, overrideRecord, requireVersion } from './set-override.ts';

/**
 * Removes the override and leaves a tombstone with a version of its own, so that a later one is newer than anything
 * a cache has seen. Removing what is not there changes nothing.
 * @throws PttError version_mismatch
 */
export function decideRemoveOverride(
  override: Override | null,
  request: { readonly key: OverrideKey; readonly ifMatch: number | null },
  tx: Transaction,
): Decision<Override, null> {
  requireVersion(override, request.ifMatch);
  if (override === null) return unchanged(null);
  const version = tx.nextVersion();
  return {
    answer: null,
    changes: [{ key: overrideRowKey(request.key), version, row: null }],
    records: [overrideRecord('override.removed', request.key, override, null)],
    messages: [overrideMessage(tx, request.key, version)],
  };
}
