import { type Fault, PttError } from '#libs/kernel';
import { below } from './fields.ts';
import { type FlagDefinition, isGated } from './flag.ts';

/** What says of a flag whether it is gated, and by which row. */
export type GatedBy = Pick<FlagDefinition, 'key' | 'sensitive_flag' | 'requires_approval' | 'approval_matrix_row'>;

/** The gated flags under a row that Admin does not have, each with its pointer into a registry document. */
export function unknownRows(flags: readonly GatedBy[], known: ReadonlySet<string>): readonly Fault[] {
  return flags.filter(isGated).flatMap(({ key, approval_matrix_row: row }): Fault[] =>
    row === null || known.has(row)
      ? []
      : [
          {
            pointer: below(below('/flags', key), 'approval_matrix_row'),
            detail: `Admin's matrix has no row "${row}"`,
          },
        ],
  );
}

/** @throws PttError matrix_row_unknown naming each flag; `outcome` is what became of the flags, as a sentence */
export function refuseUnknownRows(flags: readonly GatedBy[], known: ReadonlySet<string>, outcome: string): void {
  const faults = unknownRows(flags, known);
  const [first] = faults;
  if (first === undefined) return;
  throw new PttError('matrix_row_unknown', {
    detail: `${first.detail}, and ${faults.length} flag(s) name such a row. ${outcome}`,
    pointer: first.pointer,
    faults,
  });
}
