import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ChangeCommand } from '#libs/kernel';
import { invalidateScope } from '../domain/invalidation.ts';
import { registryInvalid } from '../domain/registry-document.ts';
import { requireEveryTenant } from '../domain/tenancy.ts';
import { FlagStore } from '../ports/flag-store.ts';
import { MatrixRows } from '../ports/matrix-rows.ts';
import { ServiceFacts } from '../ports/service-facts.ts';
import { requireMatrixRows } from './require-matrix-rows.ts';

/** The store takes an edit up at any look, and none of them waits for Admin. */
const SERVED_ALL_THE_SAME =
  'The registry was read and is served as it stands, and these flags are denied. Add the rows to the matrix or name others.';

export interface ReloadAnswer {
  /** How many flags the registry has now. */
  readonly flags: number;
  readonly warnings: readonly string[];
  readonly meta: { readonly backing_state: ServiceFacts['backingState'] };
}

/**
 * Reads the registry again from where it is kept, and has every replica drop what it remembers of flags: so it always
 * publishes and records, even where nothing differs. What does differ is journalled as somebody's edit, as at any look.
 */
export class ReloadRegistry extends ChangeCommand<ReloadAnswer> {
  readonly scope = 'ff:registry';
}

@CommandHandler(ReloadRegistry)
export class ReloadRegistryHandler implements ICommandHandler<ReloadRegistry, ReloadAnswer> {
  constructor(
    private readonly flags: FlagStore,
    private readonly matrix: MatrixRows,
    private readonly facts: ServiceFacts,
  ) {}

  async execute({ origin }: ReloadRegistry): Promise<ReloadAnswer> {
    requireEveryTenant(origin.actor);
    const reread = await this.flags.reread();
    if (reread.kind === 'rejected') throw registryInvalid(reread.faults, reread.detail);
    await requireMatrixRows(await this.flags.list(), this.matrix, SERVED_ALL_THE_SAME);
    const flags = await this.flags.changeRegistry(origin, (current, tx) => ({
      answer: current.size,
      changes: [],
      records: [
        {
          action: 'registry.reloaded',
          target: { type: 'registry', id: 'registry' },
          after: { flags: current.size },
          outcome: 'accepted',
        },
      ],
      messages: [invalidateScope(tx, { namespace: 'flag', scope: {}, trigger: 'registry_reload' })],
    }));
    const { warnings, backingState } = this.facts;
    return { flags, warnings, meta: { backing_state: backingState } };
  }
}
