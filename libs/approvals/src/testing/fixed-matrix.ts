import type { Matrix } from '../domain/index.ts';
import { MatrixSource } from '../ports/matrix-source.ts';
import { sampleMatrix } from './samples.ts';

/** The sample matrix, until a test says otherwise. */
export class FixedMatrix extends MatrixSource {
  matrix: Matrix = sampleMatrix();

  current(): Promise<Matrix> {
    return Promise.resolve(this.matrix);
  }
}
