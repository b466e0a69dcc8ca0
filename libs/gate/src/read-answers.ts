import { isRecord } from '#libs/kernel';
import { AdminUnreachable, TTL_STATES, type SensitiveCheckAnswer, type TtlState } from './approval-check.ts';

const DECISIONS = ['allow', 'deny', 'allow-with-warning'] as const;

/**
 * The answers in the body of a call with `{"checks":[…]}`: a list as long as that of the questions.
 * @throws AdminUnreachable when the body is anything else: what cannot be read is no answer.
 */
export function readAnswers(body: unknown, questions: number): readonly SensitiveCheckAnswer[] {
  if (!Array.isArray(body)) throw new AdminUnreachable('the body is not a list');
  if (body.length !== questions) throw new AdminUnreachable(`${body.length} answers to ${questions} questions`);
  return body.map(readAnswer);
}

function readAnswer(found: unknown): SensitiveCheckAnswer {
  if (!isRecord(found)) throw new AdminUnreachable('an answer is not an object');
  const meta = found['meta'];
  if (!isRecord(meta)) throw new AdminUnreachable('an answer has no meta');
  return {
    decision: oneOf(DECISIONS, found['decision'], 'decision'),
    ttl_state: oneOf<TtlState>(TTL_STATES, found['ttl_state'], 'ttl_state'),
    approval_ref: textOrNull(found['approval_ref'], 'approval_ref'),
    reason: textOrNull(found['reason'], 'reason'),
    valid_for_ms: millisecondsOrNull(found['valid_for_ms']),
    meta: {
      operator_alert: truthOf(meta['operator_alert']),
      warnings: textsOf(meta['warnings']),
      backing_state: textOrNull(meta['backing_state'], 'backing_state') ?? '',
    },
  };
}

function oneOf<Word extends string>(words: readonly Word[], found: unknown, field: string): Word {
  const word = words.find((candidate) => candidate === found);
  if (word === undefined) throw new AdminUnreachable(`an answer's ${field} is none of ${words.join(', ')}`);
  return word;
}

function textOrNull(found: unknown, field: string): string | null {
  if (found === undefined || found === null) return null;
  if (typeof found !== 'string') throw new AdminUnreachable(`an answer's ${field} is not a text`);
  return found;
}

function millisecondsOrNull(found: unknown): number | null {
  if (found === undefined || found === null) return null;
  if (typeof found !== 'number' || !(found >= 0)) {
    throw new AdminUnreachable("an answer's valid_for_ms is not a duration");
  }
  return found;
}

function truthOf(found: unknown): boolean {
  if (typeof found !== 'boolean') throw new AdminUnreachable("an answer's operator_alert is not true or false");
  return found;
}

function textsOf(found: unknown): readonly string[] {
  if (!Array.isArray(found)) throw new AdminUnreachable("an answer's warnings are not a list");
  return found.map((text: unknown) => {
    if (typeof text !== 'string') throw new AdminUnreachable('a warning is not a text');
    return text;
  });
}
