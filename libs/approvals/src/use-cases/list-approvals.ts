import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { LIMITS, PttError } from '#libs/kernel';
import { APPROVAL_ID_SHAPE, type StoredApproval } from '../domain/index.ts';
import { type ApprovalFilter, ApprovalStore } from '../ports/approval-store.ts';

export interface ApprovalList {
  /** By id, ascending. */
  readonly approvals: readonly StoredApproval[];
  /** Where to go on; null when there are no more. */
  readonly nextCursor: string | null;
}

/** The approvals, page by page. Needs `admin:read`. */
export class ListApprovals extends Query<ApprovalList> {
  /** @param limit at most 500 */
  constructor(
    readonly filter: ApprovalFilter,
    readonly cursor: string | null = null,
    readonly limit: number = LIMITS.pageSize,
  ) {
    super();
  }
}

@QueryHandler(ListApprovals)
export class ListApprovalsHandler implements IQueryHandler<ListApprovals> {
  constructor(private readonly store: ApprovalStore) {}

  async execute({ filter, cursor, limit }: ListApprovals): Promise<ApprovalList> {
    const after = cursor === null ? null : readCursor(cursor);
    const { approvals, hasMore } = await this.store.page(filter, after, Math.min(limit, LIMITS.pageSizeMax));
    const last = approvals.at(-1);
    return { approvals, nextCursor: hasMore && last !== undefined ? writeCursor(last.id) : null };
  }
}

function writeCursor(id: string): string {
  return Buffer.from(id, 'utf8').toString('base64url');
}

function readCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString('utf8');
  if (APPROVAL_ID_SHAPE.test(id) && writeCursor(id) === cursor) return id;
  throw new PttError('invalid_cursor', {
    detail: 'The cursor is none that a list has answered. Use `next_cursor` as it was given, or leave it out.',
    pointer: '#/query/cursor',
  });
}
