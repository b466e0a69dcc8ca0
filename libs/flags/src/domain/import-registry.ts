import {
  type AuditEntry,
  canonicalJson,
  type Decision,
  LIMITS,
  type OutboxMessage,
  type RowChange,
  toIso,
  type Transaction,
  unchanged,
} from '#libs/kernel';
import type { Flag, FlagDefinition } from './flag.ts';
import { definitionDocument } from './flag-definition.ts';
import { flagCacheKey, invalidateKey } from './invalidation.ts';
import type { RowsByKey } from './rows.ts';

/** What an import amounts to, by flag key, each list in the order of the keys. */
export interface RegistryDiff {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

export interface RegistryChange {
  readonly found: readonly FlagDefinition[];
  /** True when flags that `found` leaves out are removed. */
  readonly prune: boolean;
  readonly action: 'registry.imported' | 'registry.reloaded' | 'registry.seeded';
}

/** What would change; versions and instants in the definitions count for nothing. */
export function diffRegistry(
  current: RowsByKey<Flag>,
  { found, prune }: Pick<RegistryChange, 'found' | 'prune'>,
): RegistryDiff {
  const keys = new Set(found.map(({ key }) => key));
  return {
    added: found
      .filter(({ key }) => current.get(key) === undefined)
      .map(({ key }) => key)
      .toSorted(),
    changed: found
      .filter((definition) => {
        const flag = current.get(definition.key);
        return flag !== undefined && !isSameDefinition(flag, definition);
      })
      .map(({ key }) => key)
      .toSorted(),
    removed: prune
      ? [...current.values()]
          .map(({ key }) => key)
          .filter((key) => !keys.has(key))
          .toSorted()
      : [],
  };
}

/**
 * Lays the definitions over the registry: what differs gets a new version, what is to go leaves a tombstone.
 * One message for each flag that changed, one record for all; where nothing changed, nothing is written.
 */
export function decideRegistryChange(
  current: RowsByKey<Flag>,
  change: RegistryChange,
  tx: Transaction,
): Decision<Flag, RegistryDiff> {
  const diff = diffRegistry(current, change);
  const definitions = new Map(change.found.map((definition) => [definition.key, definition]));
  const changes: RowChange<Flag>[] = [];
  for (const key of [...diff.added, ...diff.changed]) {
    const definition = definitions.get(key);
    if (definition === undefined) continue;
    const created_at = current.get(key)?.created_at ?? definition.created_at ?? toIso(tx.at);
    const version = tx.nextVersion();
    changes.push({ key, version, row: { ...definition, created_at, version } });
  }
  for (const key of diff.removed) changes.push({ key, version: tx.nextVersion(), row: null });
  if (changes.length === 0) return unchanged(diff);
  return {
    answer: diff,
    changes,
    records: [registryRecord(change.action, diff)],
    messages: changes.map(({ key, version }) => flagMessage(tx, key, version)),
  };
}

function isSameDefinition(flag: Flag, definition: FlagDefinition): boolean {
  const before = definitionDocument({ ...flag, created_at: '', version: 0 });
  const after = definitionDocument({ ...definition, created_at: '', version: 0 });
  // The order of variants counts: the first one of a value is the one that an override by value means.
  const order = (variants: Flag['variants']): string => JSON.stringify(Object.keys(variants));
  return canonicalJson(before) === canonicalJson(after) && order(flag.variants) === order(definition.variants);
}

/** The record names the first keys of each list, and how many there are where those are not all: it must fit a body. */
export function registryRecord(
  action: RegistryChange['action'],
  { added, changed, removed }: RegistryDiff,
): AuditEntry {
  const isWhole = [added, changed, removed].every(({ length }) => length <= LIMITS.recordedKeys);
  const counts = { added: added.length, changed: changed.length, removed: removed.length };
  return {
    action,
    target: { type: 'registry', id: 'registry' },
    after: {
      added: added.slice(0, LIMITS.recordedKeys),
      changed: changed.slice(0, LIMITS.recordedKeys),
      removed: removed.slice(0, LIMITS.recordedKeys),
      ...(isWhole ? {} : { counts }),
    },
    outcome: 'accepted',
  };
}

function flagMessage(tx: Transaction, key: string, version: number): OutboxMessage {
  return invalidateKey(tx, { namespace: 'flag', key: flagCacheKey(key), version, trigger: 'registry_reload' });
}
