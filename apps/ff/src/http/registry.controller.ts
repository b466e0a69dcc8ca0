import { Body, Controller, Get, Post, Query, UseGuards } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { ExportQuery, ImportQuery, InvalidateBody, schemas } from '#libs/contracts';
import { ExportRegistry, ImportRegistry, InvalidateCache, ReloadRegistry, type InvalidationScope } from '#libs/flags';
import { Authenticate, By } from '#libs/identity';
import type { JsonValue, Origin } from '#libs/kernel';
import { Answers, Dispatcher, requireScope, Takes, validateBody, validateQuery } from '#libs/platform';

/** The registry as a whole, and what is remembered of it. */
@ApiTags('registry')
@UseGuards(Authenticate)
@Controller('v1')
export class RegistryController {
  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly queries: QueryBus,
  ) {}

  @Post('flags/registry/reload')
  @Answers(schemas.reloadAnswer, 'The registry was read again')
  reload(@By() origin: Origin) {
    return this.dispatcher.execute(new ReloadRegistry(), origin);
  }

  @Post('flags/registry/import')
  @Takes(schemas.registry, 'A registry document')
  @Answers(schemas.importAnswer, 'What the import changed, or with dry_run would change')
  import(
    @By() origin: Origin,
    @Body() document: JsonValue,
    @Query(validateQuery(ImportQuery, { booleans: ['dry_run', 'prune'] })) query: ImportQuery,
  ) {
    const { prune = false, dry_run = false } = query;
    return this.dispatcher.execute(new ImportRegistry(document, prune, dry_run), origin);
  }

  @Get('flags/registry/export')
  @Answers(schemas.registry, 'The registry document; an import takes it back')
  export(@By() origin: Origin, @Query(validateQuery(ExportQuery)) _query: ExportQuery) {
    requireScope(origin, 'ff:read');
    return this.queries.execute(new ExportRegistry());
  }

  @Post('cache/invalidate')
  @Answers(schemas.invalidateAnswer, 'Every replica was told to drop it')
  invalidate(@By() origin: Origin, @Body(validateBody(InvalidateBody)) body: InvalidateBody) {
    return this.dispatcher.execute(new InvalidateCache(body.namespace ?? null, scopeOf(body)), origin);
  }
}

function scopeOf({ flag, tenant, user }: InvalidateBody): InvalidationScope {
  if (flag !== undefined) return { flag };
  if (tenant !== undefined) return { tenant };
  return user === undefined ? {} : { user };
}
