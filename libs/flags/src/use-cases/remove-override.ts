import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ChangeCommand } from '#libs/kernel';
import type { OverrideKey } from '../domain/override.ts';
import { decideRemoveOverride } from '../domain/remove-override.ts';
import { FlagStore } from '../ports/flag-store.ts';
import { OverrideStore } from '../ports/override-store.ts';
import { ServiceFacts } from '../ports/service-facts.ts';
import { type OverrideAnswer, overrideAnswer } from './override-answer.ts';
import { requireOverride } from './set-override.ts';

/** Gives the flag's own value back to a tenant or user. Removing what is not there is fine and writes nothing. */
export class RemoveOverride extends ChangeCommand<OverrideAnswer> {
  readonly scope = 'ff:override';

  constructor(
    readonly key: OverrideKey,
    /** The version in `If-Match`; null without one. */
    readonly ifMatch: number | null,
  ) {
    super();
  }
}

@CommandHandler(RemoveOverride)
export class RemoveOverrideHandler implements ICommandHandler<RemoveOverride, OverrideAnswer> {
  constructor(
    private readonly overrides: OverrideStore,
    private readonly flags: FlagStore,
    private readonly facts: ServiceFacts,
  ) {}

  async execute({ key, ifMatch, origin }: RemoveOverride): Promise<OverrideAnswer> {
    requireOverride(origin.actor, key);
    await this.flags.look();
    await this.overrides.change(key, origin, ({ override }, tx) =>
      decideRemoveOverride(override, { key, ifMatch }, tx),
    );
    return overrideAnswer(null, this.facts);
  }
}
