import { Injectable } from '@nestjs/common';
import { toIso } from '#libs/kernel';
import { flagNotFoundError } from '../domain/set-override.ts';
import { isPending } from '../ports/awaitable.ts';
import { FlagInputs } from '../ports/flag-inputs.ts';
import { ServiceFacts } from '../ports/service-facts.ts';
import { type FlagAnswer, flagAnswer } from './answers.ts';
import { type Asker, FlagEvaluator, type Subject } from './flag-evaluator.ts';
import { ReasonCounts } from './reason-counts.ts';

/** What one flag answers for one subject. Called directly by its route: the hot path has no bus. */
@Injectable()
export class EvaluateFlag {
  constructor(
    private readonly inputs: FlagInputs,
    private readonly evaluator: FlagEvaluator,
    private readonly facts: ServiceFacts,
    private readonly reasons: ReasonCounts,
  ) {}

  /** @throws PttError flag_not_found, tenant_forbidden, store_unavailable */
  async execute(flagKey: string, subject: Subject, asker: Asker): Promise<FlagAnswer> {
    const begun = this.inputs.begin();
    const reader = isPending(begun) ? await begun : begun;
    const found = reader.flag(flagKey);
    const { value: flag } = isPending(found) ? await found : found;
    if (flag === null) {
      this.reasons.count('flag_not_found');
      throw flagNotFoundError(flagKey, '/flag_key');
    }
    const evaluated = this.evaluator.evaluate(reader, [flag], subject, asker);
    const { at, evaluations } = isPending(evaluated) ? await evaluated : evaluated;
    const [evaluation] = evaluations;
    if (evaluation === undefined) throw flagNotFoundError(flagKey, '/flag_key');
    this.reasons.count(evaluation.reason);
    return flagAnswer(evaluation, this.facts, this.inputs.warnings, {
      cache: reader.cache,
      replica: this.facts.replica,
      correlation_id: asker.correlationId,
      evaluated_at: toIso(at),
    });
  }
}
