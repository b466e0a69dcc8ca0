import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { LIMITS } from '#libs/kernel';
import { type AuditFilter, type AuditPage, AuditTrail } from '../ports/audit-trail.ts';

/** The trail, oldest first, page by page. Needs `admin:audit`. */
export class SearchAudit extends Query<AuditPage> {
  /** @param limit at most 500 */
  constructor(
    readonly filter: AuditFilter,
    readonly cursor: string | null = null,
    readonly limit: number = LIMITS.pageSize,
  ) {
    super();
  }
}

@QueryHandler(SearchAudit)
export class SearchAuditHandler implements IQueryHandler<SearchAudit> {
  constructor(private readonly trail: AuditTrail) {}

  execute({ filter, cursor, limit }: SearchAudit): Promise<AuditPage> {
    return this.trail.search(filter, cursor, Math.min(limit, LIMITS.pageSizeMax));
  }
}
