import { type Fault, type JsonObject, type JsonValue, PttError } from '#libs/kernel';
import { type DurationMs, parseDuration } from './duration.ts';
import { Fields } from './fields.ts';

/** The policy of one row: who must sign, and how long it counts. */
export interface MatrixRow {
  readonly row: string;
  /** Without a role the row denies, and nothing can be issued on it. */
  readonly required_roles: readonly string[];
  /** ISO 8601, W D H M S only: the longest time from issue to deadline. */
  readonly use_within: string;
  /** ISO 8601: how long before the deadline an allow carries a warning. */
  readonly warn_before: string;
  readonly useWithinMs: DurationMs;
  readonly warnBeforeMs: DurationMs;
}

/** The rows by name. */
export type Matrix = ReadonlyMap<string, MatrixRow>;

function parseRow(value: JsonValue, pointer: string, faults: Fault[]): MatrixRow {
  const fields = Fields.of(value, pointer, faults);
  const row = fields.id('row');
  const required_roles = fields.ids('required_roles');
  const use_within = fields.id('use_within');
  const warn_before = fields.id('warn_before');
  const useWithinMs = parseDuration(use_within);
  const warnBeforeMs = parseDuration(warn_before);
  if (useWithinMs === null || useWithinMs === 0) {
    fields.fault('use_within', 'must be an ISO 8601 duration of W, D, H, M and S, longer than nothing, such as P14D');
  }
  if (warnBeforeMs === null) {
    fields.fault('warn_before', 'must be an ISO 8601 duration of W, D, H, M and S, such as P1D');
  }
  if (fields.value('self_sign') !== false) {
    fields.fault('self_sign', 'must be false: the issuer and the last editor never sign');
  }
  fields.end();
  return {
    row,
    required_roles,
    use_within,
    warn_before,
    useWithinMs: useWithinMs ?? 0,
    warnBeforeMs: warnBeforeMs ?? 0,
  };
}

/**
 * The matrix of a document `{"rows":[{row, required_roles, use_within, warn_before, self_sign: false}]}`.
 * @throws PttError `config_invalid` with every fault and its JSON pointer.
 */
export function parseMatrix(document: JsonValue): Matrix {
  const faults: Fault[] = [];
  const fields = Fields.of(document, '', faults);
  const rows = new Map<string, MatrixRow>();
  for (const [index, value] of fields.list('rows').entries()) {
    const row = parseRow(value, `/rows/${index}`, faults);
    if (rows.has(row.row)) faults.push({ pointer: `/rows/${index}/row`, detail: `${row.row} is there twice` });
    rows.set(row.row, row);
  }
  fields.end();
  if (faults.length > 0) {
    throw new PttError('config_invalid', { detail: 'The approval matrix does not hold; mend each fault.', faults });
  }
  return rows;
}

/** A row as the API shows it. */
export function matrixRowDocument({ row, required_roles, use_within, warn_before }: MatrixRow): JsonObject {
  return { row, required_roles, use_within, warn_before, self_sign: false };
}
