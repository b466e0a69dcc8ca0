import { Injectable } from '@nestjs/common';
import { ReasonCounts } from '#libs/flags';
import { BREAKER_STATES, Gate } from '#libs/gate';
import { TokenReader } from '#libs/identity';
import { Metrics } from '#libs/platform';
import { AnswerTexts } from './http/answer-texts.ts';

/** What `/metrics` tells of evaluations and of the gate; read where it is kept, so that the path of a call pays nothing. */
@Injectable()
export class FfMetrics {
  constructor(metrics: Metrics, reasons: ReasonCounts, gate: Gate, tokens: TokenReader, texts: AnswerTexts) {
    metrics.sampled(
      { kind: 'counter', name: 'ptt_ff_evaluations_total', help: 'Answers for a flag, by reason', labels: ['reason'] },
      () => reasons.all().map(({ reason, given }) => ({ labels: { reason }, value: given })),
    );
    metrics.sampled(
      { kind: 'gauge', name: 'ptt_gate_breaker', help: '1 for the state that the breaker is in', labels: ['state'] },
      () => BREAKER_STATES.map((state) => ({ labels: { state }, value: gate.breakerState === state ? 1 : 0 })),
    );
    metrics.sampled(
      { kind: 'gauge', name: 'ptt_gate_reusable_allows', help: 'Allows that may be given again', labels: [] },
      () => [{ labels: {}, value: gate.reusableAllows }],
    );
    metrics.sampled(
      { kind: 'gauge', name: 'ptt_gate_questions_under_way', help: 'Questions that wait for Admin', labels: [] },
      () => [{ labels: {}, value: gate.questionsUnderWay }],
    );
    metrics.sampled(
      { kind: 'gauge', name: 'ptt_tokens_remembered', help: 'Tokens that need not be verified again', labels: [] },
      () => [{ labels: {}, value: tokens.remembered }],
    );
    metrics.sampled(
      {
        kind: 'counter',
        name: 'ptt_ff_answer_texts_total',
        help: 'Answers for a flag: from the text of its last one, or written anew',
        labels: ['source'],
      },
      () => (['kept', 'written'] as const).map((source) => ({ labels: { source }, value: texts.counts[source] })),
    );
    metrics.sampled(
      { kind: 'gauge', name: 'ptt_ff_answer_texts_kept', help: 'Flags whose last answer is kept as text', labels: [] },
      () => [{ labels: {}, value: texts.size }],
    );
  }
}
