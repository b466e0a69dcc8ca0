import { type Decision, toIso, type Transaction } from '#libs/kernel';
import type { ResolvedOverride } from './override-document.ts';
import { type Override, overrideRowKey } from './override.ts';
import { overrideMessage, overrideRecord } from './set-override.ts';
import type { RowsByKey } from './rows.ts';

/**
 * What a file that somebody else edited amounts to: each override that differs is set, each one that is gone removed,
 * with a record and a message of its own. Who set it and when is what the store saw, not what the file says.
 */
export function decideAdoptOverrides(
  current: RowsByKey<Override>,
  found: readonly ResolvedOverride[],
  setBy: string,
  tx: Transaction,
): Decision<Override, null> {
  const stated = new Map(found.map((override) => [overrideRowKey(override), override]));
  const set = [...stated].flatMap(([key, { scope, subject_id, flag_key, variant, reason, expires_at }]) => {
    const before = current.get(key) ?? null;
    if (before !== null && before.variant === variant && before.reason === reason && before.expires_at === expires_at) {
      return [];
    }
    const after: Override = {
      scope,
      subject_id,
      flag_key,
      variant,
      reason,
      expires_at,
      set_by: setBy,
      set_at: toIso(tx.at),
      version: tx.nextVersion(),
    };
    return [{ key, before, after, version: after.version, override: after }];
  });
  const removed = [...current.values()].flatMap((before) => {
    const key = overrideRowKey(before);
    return stated.has(key) ? [] : [{ key, before, after: null, version: tx.nextVersion(), override: before }];
  });
  const all = [...set, ...removed];
  return {
    answer: null,
    changes: all.map(({ key, version, after }) => ({ key, version, row: after })),
    records: all.map(({ override, before, after }) =>
      overrideRecord(after === null ? 'override.removed' : 'override.set', keyOf(override), before, after),
    ),
    messages: all.map(({ override, version }) => overrideMessage(tx, keyOf(override), version)),
  };
}

function keyOf({ scope, subject_id, flag_key }: Override): Pick<Override, 'scope' | 'subject_id' | 'flag_key'> {
  return { scope, subject_id, flag_key };
}
