import { type Decision, type JsonObject, type JsonValue, PttError, type RowChange, isJsonObject } from '#libs/kernel';
import type { Snapshot, StoreTransaction, Table } from '#libs/platform';
import {
  type Approval,
  type Matrix,
  type StoredApproval,
  approvalDocument,
  parseStoredApproval,
} from '../domain/index.ts';
import { decideAdopt } from '../domain/decide-adopt.ts';
import type { MatrixSource } from '../ports/matrix-source.ts';

// A row of the journal is the approval's document, so that it reads as the snapshot does. What it says is read
// once and remembered beside the row, which is never altered, only replaced.
const read = new WeakMap<JsonObject, StoredApproval>();

/** What a row says. */
export function approvalOf(row: JsonObject): StoredApproval {
  const known = read.get(row);
  if (known !== undefined) return known;
  const approval = parseStoredApproval(row);
  read.set(row, approval);
  return approval;
}

/** The row of an approval. */
export function rowOf(approval: StoredApproval): JsonObject {
  const row = approvalDocument(approval);
  read.set(row, approval);
  return row;
}

/** A decision on approvals as one on their rows. */
export function onRows<Answer>(decision: Decision<Approval, Answer>): Decision<JsonObject, Answer> {
  const toRow = ({ key, version, row }: RowChange<Approval>): RowChange<JsonObject> => ({
    key,
    version,
    row: row === null ? null : rowOf(row),
  });
  return { ...decision, changes: decision.changes.map(toRow) };
}

function memberOf(row: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(row, name) ? row[name] : undefined;
}

/** Approvals with their signatures, by id. A row that cannot be read is kept as it is, and denies. */
export const approvalTable: Table<JsonObject> = {
  name: 'approval',
  parse(value) {
    if (isJsonObject(value)) return value;
    throw new PttError('journal_damaged', { detail: 'A row of the table approval is no object.', pointer: '' });
  },
};

/** The name of the approvals' snapshot. */
export const APPROVALS_FILE = 'approval_examples.json';

/**
 * `approval_examples.json`: `{"approvals": […]}`. Others may add approvals to it, never change or remove them.
 * @param matrix the policy that an added approval is held against
 */
export function approvalSnapshot(matrix: MatrixSource): Snapshot<JsonObject> {
  let inForce: Matrix = new Map();
  return {
    ...LAYOUT,
    prepare: async () => {
      inForce = await matrix.current();
    },
    adopt: (current: ReadonlyMap<string, JsonObject>, found: readonly JsonObject[], tx: StoreTransaction) => {
      const approvals = new Map([...current].map(([id, row]) => [id, approvalOf(row)]));
      return onRows(decideAdopt(approvals, found.map(approvalOf), inForce, tx));
    },
  };
}

const LAYOUT: Omit<Snapshot<JsonObject>, 'adopt'> = {
  file: APPROVALS_FILE,
  table: approvalTable,
  keyOf: (row) => {
    const id = memberOf(row, 'id');
    return typeof id === 'string' ? id : '';
  },
  versionOf: (row) => {
    const version = memberOf(row, 'version');
    return typeof version === 'number' ? version : 0;
  },
  toDocument: (approvals) => ({ approvals }),
  fromDocument: (document) => {
    const unknown = Object.keys(document).find((name) => name !== 'approvals');
    if (unknown !== undefined) {
      const detail = `${JSON.stringify(unknown)} is not known here; known is "approvals".`;
      throw new PttError('invalid_field', {
        detail,
        pointer: `/${unknown.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      });
    }
    const approvals = memberOf(document, 'approvals');
    if (!isList(approvals)) {
      throw new PttError('invalid_field', { detail: 'approvals must be a list.', pointer: '/approvals' });
    }
    return approvals.map((value, index) => rowOf(parseStoredApproval(value, `/approvals/${index}`)));
  },
};

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
