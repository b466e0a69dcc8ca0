import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Clock, type Instant, type JsonObject } from '#libs/kernel';
import { type Flag, isGated, isStale } from '../domain/flag.ts';
import { definitionDocument } from '../domain/flag-definition.ts';
import { pageOf, type PageRequest } from '../domain/page.ts';
import { flagNotFoundError } from '../domain/set-override.ts';
import { FlagStore } from '../ports/flag-store.ts';

/** A definition as callers see it: `{key, …definition, version, gated, stale}`. */
export type FlagView = JsonObject;

/** A page of definitions. */
export interface FlagList {
  readonly flags: readonly FlagView[];
  readonly next_cursor: string | null;
}

/** The definitions, in the order of their keys. */
export class ListFlags extends Query<FlagList> {
  constructor(readonly page: PageRequest) {
    super();
  }
}

@QueryHandler(ListFlags)
export class ListFlagsHandler implements IQueryHandler<ListFlags, FlagList> {
  constructor(
    private readonly flags: FlagStore,
    private readonly clock: Clock,
  ) {}

  async execute({ page }: ListFlags): Promise<FlagList> {
    await this.flags.look();
    const { items, next_cursor } = pageOf(await this.flags.list(), ({ key }) => key, page);
    const at = this.clock.now();
    return { flags: items.map((flag) => flagView(flag, at)), next_cursor };
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
    const { value: flag } = await this.flags.read(key);
    if (flag === null) throw flagNotFoundError(key, '#/path/flag_key');
    return flagView(flag, this.clock.now());
  }
}

function flagView(flag: Flag, at: Instant): FlagView {
  return { key: flag.key, ...definitionDocument(flag), gated: isGated(flag), stale: isStale(flag, at) };
}
