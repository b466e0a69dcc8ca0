import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type AuditEntry, ChangeCommand, type JsonValue } from '#libs/kernel';
import { decideAdoptOverrides } from '../domain/adopt-overrides.ts';
import { decideRegistryChange } from '../domain/import-registry.ts';
import { resolveOverrides } from '../domain/override-document.ts';
import { readOverrides, readRegistry } from '../ports/documents.ts';
import { FlagStore } from '../ports/flag-store.ts';
import { OverrideStore } from '../ports/override-store.ts';

export interface SeedAnswer {
  /** How many were written; 0 where the store had been written to before. */
  readonly flags: number;
  readonly overrides: number;
}

/** Fills stores that were never written to. What was once seeded and then removed stays removed. */
export class SeedFlags extends ChangeCommand<SeedAnswer> {
  readonly scope = 'ff:registry';

  constructor(
    /** `registry.json` of the fixtures. */
    readonly registry: JsonValue,
    /** `override_examples.json` of the fixtures. */
    readonly overrides: JsonValue,
  ) {
    super();
  }
}

@CommandHandler(SeedFlags)
export class SeedFlagsHandler implements ICommandHandler<SeedFlags, SeedAnswer> {
  constructor(
    private readonly flags: FlagStore,
    private readonly overrides: OverrideStore,
  ) {}

  async execute({ registry, overrides, origin }: SeedFlags): Promise<SeedAnswer> {
    let flagCount = 0;
    if (await this.flags.isUntouched()) {
      const found = readRegistry(registry);
      const { added } = await this.flags.changeRegistry(origin, (flags, tx) =>
        decideRegistryChange(flags, { found, prune: false, action: 'registry.seeded' }, tx),
      );
      flagCount = added.length;
    }
    // Each store is asked for itself: a process that died between the two goes on where it stopped.
    if (!(await this.overrides.isUntouched())) return { flags: flagCount, overrides: 0 };
    const overrideCount = await this.overrides.changeAll(origin, (current, flags, tx) => {
      // A registry that somebody put there beforehand need not have the flags of our examples.
      const stated = readOverrides(overrides).filter(({ flag_key }) => flags.get(flag_key) !== undefined);
      const found = resolveOverrides(stated, (key) => flags.get(key));
      const decision = decideAdoptOverrides(current, found, origin.actor.id, tx);
      const records = decision.changes.length === 0 ? [] : [seedRecord(decision.changes.length)];
      return { ...decision, answer: decision.changes.length, records };
    });
    return { flags: flagCount, overrides: overrideCount };
  }
}

/** One for all: they are one act, and the rows are in the journal. */
function seedRecord(count: number): AuditEntry {
  return {
    action: 'registry.seeded',
    target: { type: 'overrides', id: 'overrides' },
    after: { overrides: count },
    outcome: 'accepted',
  };
}
