import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type Actor, ChangeCommand, LIMITS, PttError } from '#libs/kernel';
import { type OverrideKey, overrideView } from '../domain/override.ts';
import { type Choice, decideSetOverride } from '../domain/set-override.ts';
import { requireTenant, requireUserOverrides } from '../domain/tenancy.ts';
import { FlagStore } from '../ports/flag-store.ts';
import { OverrideStore } from '../ports/override-store.ts';
import { ServiceFacts } from '../ports/service-facts.ts';
import { type OverrideAnswer, overrideAnswer } from './override-answer.ts';

/** Gives one tenant or one user a value of its own for one flag. */
export class SetOverride extends ChangeCommand<OverrideAnswer> {
  readonly scope = 'ff:override';

  constructor(
    readonly key: OverrideKey,
    readonly choice: Choice,
    readonly reason: string,
    /** RFC 3339; null for no end. */
    readonly expiresAt: string | null,
    /** The version in `If-Match`; null without one. */
    readonly ifMatch: number | null,
  ) {
    super();
  }
}

@CommandHandler(SetOverride)
export class SetOverrideHandler implements ICommandHandler<SetOverride, OverrideAnswer> {
  constructor(
    private readonly overrides: OverrideStore,
    private readonly flags: FlagStore,
    private readonly facts: ServiceFacts,
  ) {}

  async execute({ key, choice, reason, expiresAt, ifMatch, origin }: SetOverride): Promise<OverrideAnswer> {
    requireOverride(origin.actor, key);
    await this.flags.look();
    const request = { key, choice, reason, expiresAt, ifMatch, setBy: origin.actor.id };
    const override = await this.overrides.change(key, origin, (state, tx) => {
      const decision = decideSetOverride(state, request, tx);
      return { ...decision, answer: overrideView(decision.answer, state.flag) };
    });
    return overrideAnswer(override, this.facts);
  }
}

/** @throws PttError tenant_forbidden when the token may not touch this override; invalid_field for ids that are none */
export function requireOverride(actor: Actor, { scope, subject_id, flag_key }: OverrideKey): void {
  const pointer = scope === 'tenant' ? '#/path/tenant_id' : '#/path/user_id';
  if (scope === 'tenant') requireTenant(actor, subject_id, pointer);
  else requireUserOverrides(actor, pointer);
  requireId(subject_id, LIMITS.subjectIdLength, pointer);
  requireId(flag_key, LIMITS.flagKeyLength, '#/path/flag_key');
}

function requireId(id: string, maxLength: number, pointer: string): void {
  if (id !== '' && id.length <= maxLength && id.isWellFormed()) return;
  throw new PttError('invalid_field', { detail: `An id has 1 to ${maxLength} characters of Unicode.`, pointer });
}
