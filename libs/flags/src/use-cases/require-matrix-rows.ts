import { type Fault, PttError } from '#libs/kernel';
import { below } from '../domain/fields.ts';
import { type FlagDefinition, isGated } from '../domain/flag.ts';
import type { MatrixRows } from '../ports/matrix-rows.ts';

/**
 * Refuses gated flags under a row that a reachable Admin does not have. While Admin cannot be reached nothing is
 * refused, since such a flag is denied at every evaluation anyway.
 * @param outcome what became of the flags all the same, as a sentence for the caller
 * @throws PttError matrix_row_unknown naming each flag
 */
export async function requireMatrixRows(
  flags: readonly Pick<FlagDefinition, 'key' | 'sensitive_flag' | 'requires_approval' | 'approval_matrix_row'>[],
  matrix: MatrixRows,
  outcome: string,
): Promise<void> {
  const gated = flags.filter(isGated);
  const rows = new Set(gated.flatMap(({ approval_matrix_row }) => approval_matrix_row ?? []));
  if (rows.size === 0) return;
  const known = await matrix.rows();
  if (known === 'unreachable') return;
  const unknown = new Set([...rows].filter((row) => !known.has(row)));
  const faults = gated.flatMap(({ key, approval_matrix_row: row }): Fault[] =>
    row !== null && unknown.has(row)
      ? [{ pointer: below(below('/flags', key), 'approval_matrix_row'), detail: `Admin's matrix has no row "${row}"` }]
      : [],
  );
  const [first] = faults;
  if (first === undefined) return;
  throw new PttError('matrix_row_unknown', {
    detail: `${first.detail}, which ${faults.length} flag(s) name among ${[...unknown].join(', ')}. ${outcome}`,
    pointer: first.pointer,
    faults,
  });
}
