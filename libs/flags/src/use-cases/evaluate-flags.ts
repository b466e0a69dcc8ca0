import { Injectable } from '@nestjs/common';
import { LIMITS, PttError, toIso } from '#libs/kernel';
import { type Evaluation, flagNotFound } from '../domain/evaluation.ts';
import { all } from '../ports/awaitable.ts';
import { FlagInputs } from '../ports/flag-inputs.ts';
import { FlagStore } from '../ports/flag-store.ts';
import { ServiceFacts } from '../ports/service-facts.ts';
import { type BulkFlagAnswer, bulkFlagAnswer, type CallMeta } from './answers.ts';
import { type Asker, FlagEvaluator, type Subject } from './flag-evaluator.ts';
import { ReasonCounts } from './reason-counts.ts';

/** One answer a flag; what differs from call to call stands beside, for the headers. */
export interface BulkAnswer {
  readonly body: { readonly flags: readonly BulkFlagAnswer[] };
  readonly call: CallMeta;
  /** What differs from call to call too: beside the body, so that its bytes stay what they are. */
  readonly warnings: readonly string[];
}

/** What many flags answer for one subject, at one instant, with one question to the gate. */
@Injectable()
export class EvaluateFlags {
  constructor(
    private readonly flags: FlagStore,
    private readonly inputs: FlagInputs,
    private readonly evaluator: FlagEvaluator,
    private readonly facts: ServiceFacts,
    private readonly reasons: ReasonCounts,
  ) {}

  /**
   * @param flagKeys in the order of the answers; null for every flag, in the order of their keys
   * @throws PttError tenant_forbidden; invalid_field for more flags than `LIMITS.bulkFlags`
   */
  async execute(flagKeys: readonly string[] | null, subject: Subject, asker: Asker): Promise<BulkAnswer> {
    const reader = await this.inputs.begin();
    const asked = flagKeys ?? (await this.flags.list()).map(({ key }) => key);
    if (asked.length > LIMITS.bulkFlags) {
      throw new PttError('invalid_field', {
        detail: `A bulk evaluation answers at most ${LIMITS.bulkFlags} flags, not ${asked.length}. Name them in flag_keys.`,
        pointer: '/flag_keys',
      });
    }
    const found = await all(asked.map((key) => reader.flag(key)));
    const flags = found.flatMap(({ value }) => value ?? []);
    const { at, evaluations } = await this.evaluator.evaluate(reader, flags, subject, asker);
    // Of all flags that there are, one that this replica does not know of yet is left out; one that was named is not there.
    const answered = flagKeys === null ? evaluations : withThoseNotFound(flagKeys, evaluations);
    for (const { reason } of answered) this.reasons.count(reason);
    return {
      body: { flags: answered.map((evaluation) => bulkFlagAnswer(evaluation, this.facts)) },
      call: {
        cache: reader.cache,
        replica: this.facts.replica,
        correlation_id: asker.correlationId,
        evaluated_at: toIso(at),
      },
      warnings: this.inputs.warnings,
    };
  }
}

/** @param evaluations of the keys that were found, in their order */
function withThoseNotFound(keys: readonly string[], evaluations: readonly Evaluation[]): readonly Evaluation[] {
  if (evaluations.length === keys.length) return evaluations;
  let next = 0;
  return keys.map((key) => {
    const evaluation = evaluations[next];
    if (evaluation?.flag_key !== key) return flagNotFound(key);
    next += 1;
    return evaluation;
  });
}
