/** Which rows Admin's approval matrix has. */
export abstract class MatrixRows {
  /** All of them, asked for once; it never throws. */
  abstract rows(): Promise<ReadonlySet<string> | 'unreachable'>;
}
