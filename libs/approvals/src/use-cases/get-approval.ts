import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { PttError } from '#libs/kernel';
import type { StoredApproval } from '../domain/index.ts';
import { notFound } from '../domain/refusals.ts';
import { ApprovalStore } from '../ports/approval-store.ts';

/** One approval. Needs `admin:read`. */
export class GetApproval extends Query<StoredApproval> {
  constructor(readonly id: string) {
    super();
  }
}

@QueryHandler(GetApproval)
export class GetApprovalHandler implements IQueryHandler<GetApproval> {
  constructor(private readonly approvals: ApprovalStore) {}

  /** @throws PttError `approval_not_found` */
  async execute({ id }: GetApproval): Promise<StoredApproval> {
    const approval = await this.approvals.get(id);
    if (approval !== null) return approval;
    const { code, ...details } = notFound();
    throw new PttError(code, details);
  }
}
