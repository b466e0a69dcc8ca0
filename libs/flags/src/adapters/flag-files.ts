import { type Snapshot, type Table } from '#libs/platform';
import { decideAdoptOverrides } from '../domain/adopt-overrides.ts';
import type { Flag, FlagDefinition } from '../domain/flag.ts';
import { decideRegistryChange } from '../domain/import-registry.ts';
import { type Override, overrideRowKey } from '../domain/override.ts';
import {
  overridesDocument,
  parseOverrideRow,
  resolveOverrides,
  type StatedOverride,
} from '../domain/override-document.ts';
import { parseFlagRow, registryDocument } from '../domain/registry-document.ts';
import { readOverrides, readRegistry } from '../ports/documents.ts';
import type { RegistryEdits } from './registry-edits.ts';

/** An override as its table has it; `stated` only between a hand-written file and its adoption, where it names a value. */
export interface OverrideRow extends Override {
  readonly stated?: StatedOverride;
}

export const FLAG_TABLE: Table<Flag> = { name: 'flag', parse: parseFlagRow };
export const OVERRIDE_TABLE: Table<OverrideRow> = { name: 'override', parse: parseOverrideRow };

export const REGISTRY_FILE = 'registry.json';
const OVERRIDES_FILE = 'override_examples.json';

/** `registry.json`: the definitions by key, as flagd reads them. */
const registrySnapshot = (edits: RegistryEdits): Snapshot<Flag> => ({
  file: REGISTRY_FILE,
  table: FLAG_TABLE,
  keyOf: ({ key }) => key,
  versionOf: ({ version }) => version,
  toDocument: (flags) => ({ ...registryDocument(flags) }),
  fromDocument: (document) => readRegistry(document).map(flagOf),
  adopt: (current, found, tx) => {
    edits.requireRows(found);
    const change = { found: found.map(definitionOf), prune: true, action: 'registry.reloaded' } as const;
    return { ...decideRegistryChange(current, change, tx), answer: null };
  },
});

/** `override_examples.json`: tenant and user overrides in one file, acting as the store. */
const OVERRIDES: Snapshot<OverrideRow> = {
  file: OVERRIDES_FILE,
  table: OVERRIDE_TABLE,
  keyOf: overrideRowKey,
  versionOf: ({ version }) => version,
  toDocument: overridesDocument,
  fromDocument: (document) => readOverrides(document).map(rowOf),
  adopt: (current, found, tx) => {
    const flags = tx.rows(FLAG_TABLE);
    const resolved = resolveOverrides(found.map(statedOf), (key) => flags.get(key));
    return decideAdoptOverrides(current, resolved, 'foreign_edit', tx);
  },
};

/** The tables and snapshots of `DATA_DIR/ff`: flags and overrides in one folder, under one version counter. */
export const FLAG_FILES = {
  tables: [FLAG_TABLE, OVERRIDE_TABLE],
  snapshots: [{ file: REGISTRY_FILE }, { file: OVERRIDES_FILE }],
} as const;

/** How both are laid out for people to read and edit. */
export function flagSnapshots(edits: RegistryEdits): readonly [Snapshot<Flag>, Snapshot<OverrideRow>] {
  return [registrySnapshot(edits), OVERRIDES];
}

function flagOf(found: FlagDefinition): Flag {
  return { ...found, created_at: found.created_at ?? '', version: found.version ?? 0 };
}

function definitionOf(flag: Flag): FlagDefinition {
  return { ...flag, created_at: flag.created_at === '' ? null : flag.created_at };
}

function rowOf(stated: StatedOverride): OverrideRow {
  const { scope, subject_id, flag_key, choice, reason, expires_at } = stated;
  const row = {
    scope,
    subject_id,
    flag_key,
    variant: 'variant' in choice ? choice.variant : '',
    reason,
    expires_at,
    set_by: stated.set_by ?? '',
    set_at: stated.set_at ?? '',
    version: stated.version ?? 0,
  };
  return 'variant' in choice ? row : { ...row, stated };
}

function statedOf(row: OverrideRow): StatedOverride {
  return row.stated ?? { ...row, choice: { variant: row.variant }, pointer: '' };
}
