import { Readable } from 'node:stream';
import { Body, Controller, Get, Post, Query, Res, UseGuards } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { IngestAudit, parseChainedRecords, SearchAudit } from '#libs/approvals';
import { ndjsonLine } from '#libs/audit';
import { AuditQuery, schemas, type IngestRequest } from '#libs/contracts';
import { Authenticate, By } from '#libs/identity';
import type { Envelope, Origin } from '#libs/kernel';
import { Answers, Dispatcher, JsonRoute, requireScope, validateQuery } from '#libs/platform';
import { JournalAuditTrail } from '../journal-audit-trail.ts';
import { filterOf } from './audit-filter.ts';
import { verificationAnswer } from './verification-answer.ts';

const NDJSON_TYPE = 'application/x-ndjson; charset=utf-8';

/** The trail: what comes in, what is there, and whether it holds. */
@ApiTags('audit')
@UseGuards(Authenticate)
@Controller('api/audit')
export class AuditController {
  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly queries: QueryBus,
    private readonly trail: JournalAuditTrail,
  ) {}

  /** admin.audit.ingest */
  @Post('ingest')
  @JsonRoute({
    body: schemas.ingestRequest,
    answer: schemas.ingestAnswer,
    description: 'How far the source is accepted',
  })
  ingest(@By() origin: Origin, @Body() { source, records }: IngestRequest) {
    return this.dispatcher.execute(new IngestAudit({ source, records: parseChainedRecords(records) }), origin);
  }

  @Get()
  @Answers(schemas.auditList, 'The matching records, oldest first; with format=ndjson all of them, one a line', {
    also: 'application/x-ndjson',
  })
  async search(
    @By() origin: Origin,
    @Query(validateQuery(AuditQuery, { integers: ['limit'] })) query: AuditQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    requireScope(origin, 'admin:audit');
    const filter = filterOf(query, origin.actor);
    if (query.format === 'ndjson') {
      reply.header('Content-Type', NDJSON_TYPE);
      return Readable.from(linesOf(this.trail.all(filter)));
    }
    const page = await this.queries.execute(new SearchAudit(filter, query.cursor ?? null, query.limit));
    return { records: page.records, next_cursor: page.nextCursor };
  }

  @Get('verify')
  @Answers(schemas.auditVerification, 'Whether the chains hold, or the first thing that does not')
  async verify(@By() origin: Origin) {
    requireScope(origin, 'admin:audit');
    return verificationAnswer(await this.trail.verify('/ptt/admin'));
  }
}

async function* linesOf(envelopes: AsyncIterable<Envelope>): AsyncGenerator<string, void, void> {
  for await (const envelope of envelopes) yield ndjsonLine(envelope);
}
