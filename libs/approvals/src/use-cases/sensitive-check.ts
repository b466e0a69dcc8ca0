import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Place } from '../domain/index.ts';
import { ApprovalCheck, type Asking, type CheckAnswer } from './approval-check.ts';

/** sensitive.check.2b: whether approvals count right now, one answer a place. Needs `admin:check`. */
export class SensitiveCheck extends Query<readonly CheckAnswer[]> {
  constructor(
    readonly places: readonly Place[],
    readonly asking: Asking,
  ) {
    super();
  }
}

@QueryHandler(SensitiveCheck)
export class SensitiveCheckHandler implements IQueryHandler<SensitiveCheck> {
  constructor(private readonly approvals: ApprovalCheck) {}

  execute({ places, asking }: SensitiveCheck): Promise<readonly CheckAnswer[]> {
    return this.approvals.check(places, asking);
  }
}
