import { Injectable } from '@nestjs/common';
import { toIso } from '#libs/kernel';
import { flagNotFoundError } from '../domain/set-override.ts';
import { isPending } from '../ports/awaitable.ts';
import { FlagStore } from '../ports/flag-store.ts';
import { ServiceFacts } from '../ports/service-facts.ts';
import { type FlagAnswer, flagAnswer } from './answers.ts';
import { type Asker, FlagEvaluator, type Subject } from './flag-evaluator.ts';
import { ReasonCounts } from './reason-counts.ts';

/** What one flag answers for one subject. Called directly by its route: the hot path has no bus. */
@Injectable()
export class EvaluateFlag {
  constructor(
    private readonly flags: FlagStore,
    private readonly evaluator: FlagEvaluator,
    private readonly facts: ServiceFacts,
    private readonly reasons: ReasonCounts,
  ) {}

  /** @throws PttError flag_not_found, tenant_forbidden */
  async execute(flagKey: string, subject: Subject, asker: Asker): Promise<FlagAnswer> {
    await this.flags.look();
    const found = this.flags.get(flagKey);
    const flag = isPending(found) ? await found : found;
    if (flag === null) {
      this.reasons.count('flag_not_found');
      throw flagNotFoundError(flagKey, '/flag_key');
    }
    const evaluated = this.evaluator.evaluate([flag], subject, asker);
    const { at, evaluations } = isPending(evaluated) ? await evaluated : evaluated;
    const [evaluation] = evaluations;
    if (evaluation === undefined) throw flagNotFoundError(flagKey, '/flag_key');
    this.reasons.count(evaluation.reason);
    return flagAnswer(evaluation, this.facts, {
      cache: 'uncached',
      replica: this.facts.replica,
      correlation_id: asker.correlationId,
      evaluated_at: toIso(at),
    });
  }
}
