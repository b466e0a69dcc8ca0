import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Clock, type Instant, type JsonObject } from '#libs/kernel';
import { type Flag, isGated, isStale } from '../domain/flag.ts';
import { definitionDocument } from '../domain/flag-definition.ts';
import { type Page, pageOf, type PageRequest } from '../domain/page.ts';
import { flagNotFoundError } from '../domain/set-override.ts';
import { FlagStore } from '../ports/flag-store.ts';

/** A definition as callers see it: `{key, …definition, version, gated, stale}`. */
export type FlagView = JsonObject;

/** The definitions, in the order of their keys. */
export class ListFlags extends Query<Page<FlagView>> {
  constructor(readonly page: PageRequest) {
    super();
  }
}

@QueryHandler(ListFlags)
export class ListFlagsHandler implements IQueryHandler<ListFlags, Page<FlagView>> {
  constructor(
    private readonly flags: FlagStore,
    private readonly clock: Clock,
  ) {}

  async execute({ page }: ListFlags): Promise<Page<FlagView>> {
    await this.flags.look();
    const { items, next_cursor } = pageOf(await this.flags.list(), ({ key }) => key, page);
    const at = this.clock.now();
    return { items: items.map((flag) => flagView(flag, at)), next_cursor };
  }
}

/** One definition. */
export class GetFlag extends Query<FlagView> {
  constructor(readonly key: string) {
    super();
  }
}

@QueryHandler(GetFlag)
export class GetFlagHandler implements IQueryHandler<GetFlag, FlagView> {
  constructor(
    private readonly flags: FlagStore,
    private readonly clock: Clock,
  ) {}

  /** @throws PttError flag_not_found */
  async execute({ key }: GetFlag): Promise<FlagView> {
    await this.flags.look();
    const flag = await this.flags.get(key);
    if (flag === null) throw flagNotFoundError(key, '#/path/flag_key');
    return flagView(flag, this.clock.now());
  }
}

function flagView(flag: Flag, at: Instant): FlagView {
  return { key: flag.key, ...definitionDocument(flag), gated: isGated(flag), stale: isStale(flag, at) };
}
