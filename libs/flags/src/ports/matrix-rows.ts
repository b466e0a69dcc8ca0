/** Which rows Admin's approval matrix has. */
export abstract class MatrixRows {
  abstract knows(row: string): Promise<'yes' | 'no' | 'unreachable'>;
}
