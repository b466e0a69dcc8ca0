import { ERROR_TYPE_BASE, ERRORS, validators, type Problem } from '#libs/contracts';
import { parseJson } from '#libs/kernel';
import { PROBLEM_TYPE } from '#libs/platform';
import type { ApiDocument } from '../../support/api-document.ts';
import type { Row } from './rows.ts';
import type { Wire, WireAnswer, WireRequest } from '../wire.ts';

/** What a service says of refused requests, each held against everything that a problem has to be. */
export class Refusals {
  #sent = 0;

  constructor(
    private readonly wire: Wire,
    private readonly document: ApiDocument,
  ) {}

  /** Sends each row; its name with how it was refused, and with how it should have been. */
  async of(rows: readonly Row[]): Promise<{ readonly found: readonly string[]; readonly expected: readonly string[] }> {
    const found: string[] = [];
    for (const { name, request } of rows) found.push(`${name} → ${await this.#refusal(request)}`);
    return { found, expected: rows.map(({ name, expected }) => `${name} → ${expected}`) };
  }

  /** `400 invalid_field #/reason`, or what is wrong with the answer. */
  async #refusal(request: WireRequest): Promise<string> {
    this.#sent += 1;
    const correlationId = `bad-input:${this.#sent}`;
    const answer = await this.wire.send({
      ...request,
      headers: { ...request.headers, 'PTT-Correlation-Id': correlationId },
    });
    const problem = problemIn(answer);
    if (problem === null) return `${answer.status} and no problem: ${answer.text.slice(0, 200)}`;
    const faults = [...faultsOfProblem(answer, problem, correlationId), ...this.#undocumented(request, answer)];
    const { code, pointer } = problem;
    if (faults.length > 0) return `${answer.status} ${code}, which is no sound problem: ${faults.join('; ')}`;
    return [answer.status, code, pointer].filter((part) => part !== undefined).join(' ');
  }

  #undocumented({ method, path }: WireRequest, { status, headers, text }: WireAnswer): readonly string[] {
    const body = parseJson(text);
    return this.document.faultsOf(method, path, { status, mediaType: headers['content-type'] ?? '', body });
  }
}

function problemIn({ text }: WireAnswer): Problem | null {
  try {
    const value = parseJson(text);
    return validators.problem(value) ? value : null;
  } catch {
    return null;
  }
}

/** In which ways an answer is not the problem of its code (RFC 9457, contracts/errors.json). */
function faultsOfProblem({ status, headers }: WireAnswer, problem: Problem, correlationId: string): readonly string[] {
  const { type, title, code, detail, pointer, faults } = problem;
  const known = Object.entries(ERRORS).find(([name]) => name === code)?.[1];
  const challenge = headers['www-authenticate']?.startsWith('Bearer realm="ptt"') === true;
  const rules: readonly (readonly [holds: boolean, fault: string])[] = [
    [known?.status === status && problem.status === status, 'its status is not that of its code'],
    [known?.title === title && type === `${ERROR_TYPE_BASE}${code}`, 'its type and title are not those of its code'],
    [detail.length >= 10 && detail.length <= 2_000, 'its detail says too little or too much'],
    [!/\bat .*\(|node_modules|\.ts:|ey[A-Za-z0-9_-]{20}/.test(detail), 'its detail shows what nobody should see'],
    [faults === undefined || faults[0]?.pointer === pointer, 'its pointer is not that of its first fault'],
    [headers['content-type'] === PROBLEM_TYPE, 'its media type is not that of a problem'],
    [problem.correlation_id === correlationId, 'it has another correlation id'],
    [headers['ptt-correlation-id'] === correlationId, 'its header has another correlation id'],
    [status === 403 || (status === 401) === challenge, 'it asks for a token where none helps, or the other way round'],
    [(status === 405) === (headers.allow !== undefined), 'Allow does not say what is taken'],
  ];
  return rules.filter(([holds]) => !holds).map(([, fault]) => fault);
}
