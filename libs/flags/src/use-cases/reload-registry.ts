import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ChangeCommand } from '#libs/kernel';
import { invalidateScope } from '../domain/invalidation.ts';
import { registryInvalid } from '../domain/registry-document.ts';
import { requireEveryTenant } from '../domain/tenancy.ts';
import { refuseUnknownRows } from '../domain/unknown-rows.ts';
import { FlagStore } from '../ports/flag-store.ts';
import { MatrixRows } from '../ports/matrix-rows.ts';
import { ServiceFacts } from '../ports/service-facts.ts';

/** An edit may have been taken up before, by a look that did not wait for Admin; or the matrix has changed since. */
const SERVED_ALL_THE_SAME =
  'They are in the registry already, and denied; nothing was changed. Add the rows to the matrix or name others.';

export interface ReloadAnswer {
  /** How many flags the registry has now. */
  readonly flags: number;
  readonly warnings: readonly string[];
  readonly meta: { readonly backing_state: ServiceFacts['backingState'] };
}

/**
 * Reads the registry again from where it is kept, and has every replica drop what it remembers of flags: so it always
 * publishes and records, even where nothing differs. What does differ is journalled as somebody's edit, as at any look;
 * but here one that names a row which a reachable Admin does not have is refused as a whole, as any other fault is.
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
    const rows = await this.matrix.rows();
    const known = rows === 'unreachable' ? null : rows;
    const reread = await this.flags.reread(known);
    if (reread.kind === 'rejected') throw registryInvalid(reread.faults, reread.detail);
    if (known !== null) refuseUnknownRows(await this.flags.list(), known, SERVED_ALL_THE_SAME);
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
