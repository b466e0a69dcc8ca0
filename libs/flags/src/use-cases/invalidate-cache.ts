import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ChangeCommand, PttError } from '#libs/kernel';
import { type InvalidationScope, invalidateScope, type Namespace, NAMESPACES } from '../domain/invalidation.ts';
import { requireEveryTenant, requireTenant, requireUserOverrides } from '../domain/tenancy.ts';
import { FlagStore } from '../ports/flag-store.ts';
import { ServiceFacts } from '../ports/service-facts.ts';

export interface InvalidateAnswer {
  /** The namespaces that were invalidated, one message each. */
  readonly namespaces: readonly Namespace[];
  readonly scope: InvalidationScope;
  readonly warnings: readonly string[];
  readonly meta: { readonly backing_state: ServiceFacts['backingState'] };
}

/** Has every replica drop what it remembers: of one namespace or of all, as a whole or of one flag, tenant or user. */
export class InvalidateCache extends ChangeCommand<InvalidateAnswer> {
  readonly scope = 'ff:ops';

  constructor(
    /** Null for all that the scope can mean: key sets know no flag, tenant or user. */
    readonly namespace: Namespace | null,
    readonly what: InvalidationScope,
  ) {
    super();
  }
}

@CommandHandler(InvalidateCache)
export class InvalidateCacheHandler implements ICommandHandler<InvalidateCache, InvalidateAnswer> {
  constructor(
    private readonly flags: FlagStore,
    private readonly facts: ServiceFacts,
  ) {}

  async execute({ namespace, what, origin }: InvalidateCache): Promise<InvalidateAnswer> {
    if (namespace !== null) requireMeaning(namespace, what);
    if ('tenant' in what) requireTenant(origin.actor, what.tenant, '/tenant');
    else if ('user' in what) requireUserOverrides(origin.actor, '/user');
    else requireEveryTenant(origin.actor, 'flag' in what ? '/flag' : undefined);
    const namespaces = namespace === null ? namespacesOf(what) : [namespace];
    await this.flags.changeRegistry(origin, (_flags, tx) => ({
      answer: null,
      changes: [],
      records: [
        {
          action: 'cache.invalidated',
          target: { type: 'cache', id: namespace ?? 'all' },
          ...('tenant' in what ? { tenantId: what.tenant } : {}),
          after: { namespaces, scope: { ...what } },
          outcome: 'accepted',
        },
      ],
      messages: namespaces.map((one) => invalidateScope(tx, { namespace: one, scope: what, trigger: 'manual_op' })),
    }));
    const { warnings, backingState } = this.facts;
    return { namespaces, scope: what, warnings, meta: { backing_state: backingState } };
  }
}

/** @throws PttError invalid_field where nothing of the namespace is kept by that */
function requireMeaning(namespace: Namespace, what: InvalidationScope): void {
  const [member] = Object.keys(what);
  if (member === undefined || namespacesOf(what).includes(namespace)) return;
  throw new PttError('invalid_field', {
    detail: `The namespace ${namespace} is not kept by ${member}. Leave "${member}" out, or name another namespace.`,
    pointer: `/${member}`,
  });
}

/** Definitions belong to no subject; overrides and what was derived belong to all three. */
function namespacesOf(what: InvalidationScope): readonly Namespace[] {
  if ('flag' in what) return ['flag', 'override', 'evaluated'];
  if ('tenant' in what || 'user' in what) return ['override', 'evaluated'];
  return NAMESPACES;
}
