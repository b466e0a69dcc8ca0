import { Controller, Get, Param, Query, Res, UseGuards } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { PageQuery, schemas } from '#libs/contracts';
import { GetFlag, ListFlags, ListOverrides, RolloutSurfaces, type OverrideFilter, type PageRequest } from '#libs/flags';
import { Authenticate, By } from '#libs/identity';
import { LIMITS, type Origin } from '#libs/kernel';
import { Answers, formatETag, requireScope, validateQuery } from '#libs/platform';

const paged = validateQuery(PageQuery, { integers: ['limit'] });

/** Definitions and overrides, as they are. */
@ApiTags('flags')
@UseGuards(Authenticate)
@Controller('v1')
export class FlagsController {
  constructor(private readonly queries: QueryBus) {}

  @Get('flags')
  @Answers(schemas.flagList, 'The definitions, in the order of their keys')
  list(@By() origin: Origin, @Query(paged) query: PageQuery) {
    requireScope(origin, 'ff:read');
    return this.queries.execute(new ListFlags(pageOf(query)));
  }

  @Get('flags/:flag_key')
  @Answers(schemas.flagAnswer, 'One definition; its version is the ETag')
  async get(@By() origin: Origin, @Param('flag_key') key: string, @Res({ passthrough: true }) reply: FastifyReply) {
    requireScope(origin, 'ff:read');
    const flag = await this.queries.execute(new GetFlag(key));
    reply.header('ETag', formatETag(Number(flag['version'])));
    return flag;
  }

  @Get('flags/:flag_key/overrides')
  @Answers(schemas.overrideList, 'The overrides of a flag')
  ofFlag(@By() origin: Origin, @Param('flag_key') flagKey: string, @Query(paged) query: PageQuery) {
    return this.#overrides(origin, { flagKey }, query);
  }

  @Get('flags/override/tenant/:tenant_id')
  @Answers(schemas.overrideList, 'The overrides of a tenant')
  ofTenant(@By() origin: Origin, @Param('tenant_id') subjectId: string, @Query(paged) query: PageQuery) {
    return this.#overrides(origin, { scope: 'tenant', subjectId }, query);
  }

  @Get('flags/override/user/:user_id')
  @Answers(schemas.overrideList, 'The overrides of a user')
  ofUser(@By() origin: Origin, @Param('user_id') subjectId: string, @Query(paged) query: PageQuery) {
    return this.#overrides(origin, { scope: 'user', subjectId }, query);
  }

  @Get('rollout/surfaces')
  @Answers(schemas.surfaceList, 'Which runtimes show what, and what gates it today')
  surfaces(@By() origin: Origin) {
    requireScope(origin, 'ff:read');
    return this.queries.execute(new RolloutSurfaces());
  }

  #overrides(origin: Origin, filter: OverrideFilter, query: PageQuery) {
    requireScope(origin, 'ff:read');
    return this.queries.execute(new ListOverrides(filter, origin.actor, pageOf(query)));
  }
}

function pageOf({ limit, cursor }: PageQuery): PageRequest {
  return { limit: limit ?? LIMITS.pageSize, cursor: cursor ?? null };
}
