import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { MatrixRow } from '../domain/index.ts';
import { MatrixSource } from '../ports/matrix-source.ts';

/** The policy: every row, by name. Needs `admin:read`. */
export class GetMatrix extends Query<readonly MatrixRow[]> {}

@QueryHandler(GetMatrix)
export class GetMatrixHandler implements IQueryHandler<GetMatrix> {
  constructor(private readonly matrix: MatrixSource) {}

  async execute(): Promise<readonly MatrixRow[]> {
    const matrix = await this.matrix.current();
    return [...matrix.values()].toSorted((one, other) => (one.row < other.row ? -1 : 1));
  }
}
