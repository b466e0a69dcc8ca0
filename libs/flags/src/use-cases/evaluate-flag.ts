import { Injectable } from '@nestjs/common';
import { toIso } from '#libs/kernel';
import { flagNotFoundError } from '../domain/set-override.ts';
import { andThen, type Awaitable } from '../ports/awaitable.ts';
import { type CacheState, FlagInputs } from '../ports/flag-inputs.ts';
import { ServiceFacts } from '../ports/service-facts.ts';
import { type FlagAnswer, flagAnswer } from './answers.ts';
import { type Asker, type Evaluated, FlagEvaluator, type Subject } from './flag-evaluator.ts';
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

  /**
   * At once where everything is at hand and the flag is not gated.
   * @throws PttError flag_not_found, tenant_forbidden, store_unavailable (thrown or rejected)
   */
  execute(flagKey: string, subject: Subject, asker: Asker): Awaitable<FlagAnswer> {
    return andThen(this.inputs.begin(), (reader) =>
      andThen(reader.flag(flagKey), ({ value: flag }) => {
        if (flag === null) {
          this.reasons.count('flag_not_found');
          throw flagNotFoundError(flagKey, '/flag_key');
        }
        return andThen(this.evaluator.evaluate(reader, [flag], subject, asker), (evaluated) =>
          this.#answer(flagKey, evaluated, reader.cache, asker),
        );
      }),
    );
  }

  #answer(flagKey: string, { at, evaluations }: Evaluated, cache: CacheState, { correlationId }: Asker): FlagAnswer {
    const [evaluation] = evaluations;
    if (evaluation === undefined) throw flagNotFoundError(flagKey, '/flag_key');
    this.reasons.count(evaluation.reason);
    return flagAnswer(evaluation, this.facts, this.inputs.warnings, {
      cache,
      replica: this.facts.replica,
      correlation_id: correlationId,
      evaluated_at: toIso(at),
    });
  }
}
