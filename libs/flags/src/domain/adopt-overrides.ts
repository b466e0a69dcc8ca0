import type { Decision, Transaction } from '#libs/kernel';
import type { ResolvedOverride } from './override-document.ts';
import { type Override, overrideRowKey } from './override.ts';
import { overrideMessage, overrideRecord, overrideSetTo } from './set-override.ts';
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
  const set = [...stated].flatMap(([key, setting]) => {
    const before = current.get(key) ?? null;
    const after = overrideSetTo(setting, before, setBy, tx);
    return after === before ? [] : [{ key, before, after, version: after.version, override: after }];
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
