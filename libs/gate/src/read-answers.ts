import { validators, type SensitiveCheckAnswers } from '#libs/contracts';
import { AdminUnreachable } from './approval-check.ts';

/**
 * The answers in the body of a call with `{"checks":[…]}`: a list as its contract has it, as long as that of the
 * questions.
 * @throws AdminUnreachable when the text is anything else: what cannot be read is no answer.
 */
export function readAnswers(text: string, questions: number): SensitiveCheckAnswers {
  const body = parsed(text);
  if (!validators.sensitiveCheckAnswers(body)) {
    const faults = validators.sensitiveCheckAnswers.faultsOf(body);
    const said = faults.map(({ pointer, detail }) => `${pointer} ${detail}`).join(', ');
    throw new AdminUnreachable(`the body does not hold: ${said}`);
  }
  if (body.length !== questions) throw new AdminUnreachable(`${body.length} answers to ${questions} questions`);
  return body;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AdminUnreachable('the body is not JSON', { cause: error });
  }
}
