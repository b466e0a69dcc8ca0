import type { Evaluation } from '../domain/evaluation.ts';
import type { CacheState } from '../ports/flag-inputs.ts';
import type { ServiceFacts } from '../ports/service-facts.ts';

/** What a flag answers in a bulk evaluation: nothing in it differs from call to call while nothing changed. */
export interface BulkFlagAnswer extends Pick<
  Evaluation,
  'flag_key' | 'enabled' | 'value' | 'variant' | 'reason' | 'warnings'
> {
  readonly meta: BulkMeta;
}

export interface BulkMeta extends Pick<
  Evaluation,
  'chain' | 'gate' | 'approval_ref' | 'ttl_state' | 'operator_alert' | 'flag_version'
> {
  readonly backing_state: ServiceFacts['backingState'];
  readonly verification: ServiceFacts['verification'];
}

/** What one flag answers; shape in contracts/http/evaluate-answer.schema.json. */
export interface FlagAnswer extends Omit<BulkFlagAnswer, 'meta'> {
  readonly meta: BulkMeta & CallMeta;
}

/** What differs from call to call: in the body of a single answer, in the headers of a bulk one. */
export interface CallMeta {
  readonly cache: CacheState;
  readonly replica: string;
  readonly correlation_id: string;
  /** RFC 3339. */
  readonly evaluated_at: string;
}

export function bulkFlagAnswer(evaluation: Evaluation, facts: ServiceFacts): BulkFlagAnswer {
  const { flag_key, enabled, value, variant, reason } = evaluation;
  return {
    flag_key,
    enabled,
    value,
    variant,
    reason,
    warnings: warningsOf(evaluation, facts),
    meta: metaOf(evaluation, facts),
  };
}

/** @param more what this call has to warn of beside what the service always has */
export function flagAnswer(
  evaluation: Evaluation,
  facts: ServiceFacts,
  more: readonly string[],
  call: CallMeta,
): FlagAnswer {
  const { flag_key, enabled, value, variant, reason } = evaluation;
  const meta = { ...metaOf(evaluation, facts), ...call };
  const standing = warningsOf(evaluation, facts);
  return {
    flag_key,
    enabled,
    value,
    variant,
    reason,
    warnings: more.length === 0 ? standing : [...standing, ...more],
    meta,
  };
}

function warningsOf(evaluation: Evaluation, { warnings }: ServiceFacts): readonly string[] {
  // An Admin that only decodes warns of it too; once is enough.
  return warnings.length === 0 ? evaluation.warnings : [...new Set([...evaluation.warnings, ...warnings])];
}

function metaOf(evaluation: Evaluation, { backingState, verification }: ServiceFacts): BulkMeta {
  const { chain, gate, approval_ref, ttl_state, operator_alert, flag_version } = evaluation;
  return {
    backing_state: backingState,
    verification,
    gate,
    approval_ref,
    ttl_state,
    operator_alert,
    flag_version,
    chain,
  };
}
