import { flagCacheKey, ImportRegistry, overrideCacheKey, RemoveOverride, SetOverride } from '#libs/flags';
import { isRecord } from '#libs/kernel';
import type { JournalLine } from '#libs/platform';
import type { Ledger, Version } from '../watch/ledger.ts';
import type { Acknowledged } from '../watch/seen.ts';
import { recordOf, textOf } from './fields.ts';

/** What may leave no record: it found things to be so already, or another call had made them so. */
const MAY_CHANGE_NOTHING = new Set(['set', 'remove', 'import', 'sign', 'edit']);

/** A row as a caller was told that it is. */
interface Told {
  /** As the ledger has it. */
  readonly name: string;
  /** Null where the answer has none. */
  readonly version: number | null;
  /** Some of its members; null of a row that is gone. */
  readonly members: Readonly<Record<string, unknown>> | null;
}

/**
 * Holds an answer against what was committed by then. What the call made is in the ledger, under the version that was
 * answered; where it made nothing, things were so at some instant between call and answer.
 * @param made the line with the call's records; undefined where none was committed
 * @returns what is wrong; null where nothing is
 */
export function faultOf(acknowledged: Acknowledged, made: JournalLine | undefined, ledger: Ledger): string | null {
  const { what, answer } = acknowledged;
  if (made === undefined && !MAY_CHANGE_NOTHING.has(what)) return 'nothing was committed';
  for (const told of toldBy(acknowledged)) {
    const { name, version } = told;
    if (!wasSo(told, acknowledged, ledger.history(name))) return `${name} was never so, or not in all that time`;
    const isItsOwn = version === null || made === undefined || made.changes.some((one) => one.version === version);
    if (!isItsOwn) return `${name} was answered at version ${version}, which the call did not make`;
  }
  if (what !== 'import') return null;
  const changed = (made?.changes ?? []).map(({ key }) => key).toSorted();
  const named = namedIn(answer).toSorted();
  return changed.join() === named.join() ? null : `answered were ${named.join()}, committed ${changed.join()}`;
}

function toldBy({ store, command, answer }: Acknowledged): readonly Told[] {
  if (command instanceof SetOverride) {
    const { key, choice, reason, expiresAt } = command;
    const name = overrideCacheKey(key);
    const override = recordOf(recordOf(answer)['override']);
    const { variant, set_by, set_at } = override;
    const version = versionOf(override);
    const asked = { reason, expires_at: expiresAt, ...('variant' in choice ? choice : {}) };
    return [
      { name, version, members: asked },
      { name, version, members: { variant, set_by, set_at } },
    ];
  }
  if (command instanceof RemoveOverride) {
    return [{ name: overrideCacheKey(command.key), version: null, members: null }];
  }
  if (command instanceof ImportRegistry) {
    const flags = recordOf(recordOf(command.document)['flags']);
    return Object.entries(flags).map(([flag, definition]) => ({
      name: flagCacheKey(flag),
      version: null,
      members: { defaultVariant: recordOf(definition)['defaultVariant'] },
    }));
  }
  if (store === 'ff') return [];
  const approval = recordOf(answer);
  const { id, state, revision, content_hash } = approval;
  return [
    { name: `approval:${textOf(id)}`, version: versionOf(approval), members: { id, state, revision, content_hash } },
  ];
}

/** Whether one of its versions was that, and current at some instant between call and answer. */
function wasSo({ version, members }: Told, { beganAt, at }: Acknowledged, history: readonly Version[]): boolean {
  const [first] = history;
  if (members === null && (first === undefined || first.at >= beganAt)) return true;
  return history.some((one, index) => {
    const until = history[index + 1]?.at ?? Infinity;
    return one.at <= at && until >= beganAt && (version ?? one.version) === one.version && isSo(one.row, members);
  });
}

function isSo(row: unknown, members: Told['members']): boolean {
  if (members === null || !isRecord(row)) return members === row;
  return Object.entries(members).every(([name, value]) => row[name] === value);
}

/** No row has version 0. */
function versionOf({ version }: Readonly<Record<string, unknown>>): number {
  return typeof version === 'number' ? version : 0;
}

/** The flags that an import says it has changed. */
function namedIn(answer: unknown): readonly string[] {
  const { added, changed, removed } = recordOf(answer);
  return [added, changed, removed].flatMap((keys) => (Array.isArray(keys) ? keys.map(textOf) : []));
}
