import type { Matrix } from '../domain/index.ts';

/** The policy in force. */
export abstract class MatrixSource {
  /** The matrix as it is now; when its file was spoilt, the last good one. */
  abstract current(): Promise<Matrix>;
}
