import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ChangeCommand, type JsonValue, unchanged } from '#libs/kernel';
import { isGated } from '../domain/flag.ts';
import { decideRegistryChange, diffRegistry, type RegistryDiff } from '../domain/import-registry.ts';
import { requireEveryTenant } from '../domain/tenancy.ts';
import { refuseUnknownRows } from '../domain/unknown-rows.ts';
import { readRegistry } from '../ports/documents.ts';
import { FlagStore } from '../ports/flag-store.ts';
import { MatrixRows } from '../ports/matrix-rows.ts';
import { ServiceFacts } from '../ports/service-facts.ts';

export interface ImportAnswer extends RegistryDiff {
  readonly dry_run: boolean;
  readonly warnings: readonly string[];
  readonly meta: { readonly backing_state: ServiceFacts['backingState'] };
}

/** Lays a registry document of our own format over the registry: adds and changes, removes only with `prune`. */
export class ImportRegistry extends ChangeCommand<ImportAnswer> {
  readonly scope = 'ff:registry';

  constructor(
    readonly document: JsonValue,
    readonly prune: boolean,
    /** True to see the difference and change nothing. */
    readonly dryRun: boolean,
  ) {
    super();
  }
}

@CommandHandler(ImportRegistry)
export class ImportRegistryHandler implements ICommandHandler<ImportRegistry, ImportAnswer> {
  constructor(
    private readonly flags: FlagStore,
    private readonly matrix: MatrixRows,
    private readonly facts: ServiceFacts,
  ) {}

  async execute({ document, prune, dryRun, origin }: ImportRegistry): Promise<ImportAnswer> {
    if (!dryRun) requireEveryTenant(origin.actor);
    await this.flags.look();
    const found = readRegistry(document);
    if (found.some(isGated)) {
      const known = await this.matrix.rows();
      if (known !== 'unreachable') refuseUnknownRows(found, known, 'Nothing was changed.');
    }
    const diff = await this.flags.changeRegistry(origin, (flags, tx) =>
      dryRun
        ? unchanged(diffRegistry(flags, { found, prune }))
        : decideRegistryChange(flags, { found, prune, action: 'registry.imported' }, tx),
    );
    const { warnings, backingState } = this.facts;
    return { ...diff, dry_run: dryRun, warnings, meta: { backing_state: backingState } };
  }
}
