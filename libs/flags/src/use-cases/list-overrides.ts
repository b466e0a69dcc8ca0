import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Actor } from '#libs/kernel';
import { overrideRowKey, type OverrideView, overrideView } from '../domain/override.ts';
import { pageOf, type PageRequest } from '../domain/page.ts';
import { isBound, requireTenant, requireUserOverrides } from '../domain/tenancy.ts';
import { FlagStore } from '../ports/flag-store.ts';
import { type OverrideFilter, OverrideStore } from '../ports/override-store.ts';

/** A page of overrides. */
export interface OverrideList {
  readonly overrides: readonly OverrideView[];
  readonly next_cursor: string | null;
}

/** The overrides of a tenant, of a user or of a flag. */
export class ListOverrides extends Query<OverrideList> {
  constructor(
    readonly filter: OverrideFilter,
    readonly actor: Actor,
    readonly page: PageRequest,
  ) {
    super();
  }
}

@QueryHandler(ListOverrides)
export class ListOverridesHandler implements IQueryHandler<ListOverrides, OverrideList> {
  constructor(
    private readonly overrides: OverrideStore,
    private readonly flags: FlagStore,
  ) {}

  /** A flag's list holds, for a token bound to tenants, the overrides of those alone. @throws PttError tenant_forbidden */
  async execute({ filter, actor, page }: ListOverrides): Promise<OverrideList> {
    if ('scope' in filter) {
      if (filter.scope === 'tenant') requireTenant(actor, filter.subjectId, '#/path/tenant_id');
      else requireUserOverrides(actor, '#/path/user_id');
    }
    await this.flags.look();
    const found = await this.overrides.list(filter);
    const visible = isBound(actor)
      ? found.filter(({ scope, subject_id }) => scope === 'tenant' && actor.tenants?.includes(subject_id) === true)
      : found;
    const { items, next_cursor } = pageOf(visible, overrideRowKey, page);
    const views: OverrideView[] = [];
    for (const override of items) {
      const { value: flag } = await this.flags.read(override.flag_key);
      views.push(overrideView(override, flag));
    }
    return { overrides: views, next_cursor };
  }
}
