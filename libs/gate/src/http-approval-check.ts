import {
  AdminRefused,
  AdminUnreachable,
  ApprovalCheck,
  type Asker,
  type SensitiveCheck,
  type SensitiveCheckAnswer,
  type ServiceToken,
} from './approval-check.ts';
import { readAnswers } from './read-answers.ts';
import { readBody } from './read-body.ts';

/** A hundred answers have some 30 kB; ten times that is no answer of Admin's. */
const ANSWER_MAX_BYTES = 262_144;

/**
 * Asks a running Admin over HTTP. Connections are kept open between calls, redirects are not followed: they
 * would carry both tokens to somebody else.
 */
export class HttpApprovalCheck extends ApprovalCheck {
  readonly #url: URL;
  readonly #serviceToken: ServiceToken;

  /** @param adminUrl where Admin is, such as `http://127.0.0.1:7081`. */
  constructor(adminUrl: string, serviceToken: ServiceToken) {
    super();
    this.#url = new URL(`${adminUrl.replace(/\/+$/, '')}/api/policy/sensitive.check.2b`);
    this.#serviceToken = serviceToken;
  }

  async ask(
    checks: readonly SensitiveCheck[],
    by: Asker,
    signal: AbortSignal,
  ): Promise<readonly SensitiveCheckAnswer[]> {
    const headers = headersOf(await this.#serviceToken.current(), by);
    const body = JSON.stringify({ checks });
    const response = await fetch(this.#url, { method: 'POST', headers, body, signal, redirect: 'error' });
    if (response.status !== 200) {
      await response.body?.cancel();
      const said = `Admin answered ${response.status}`;
      throw isRefusal(response.status) ? new AdminRefused(said) : new AdminUnreachable(said);
    }
    return readAnswers(await readBody(response, ANSWER_MAX_BYTES), checks.length);
  }
}

function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 429;
}

/** @throws AdminRefused when the caller's words do not fit into headers: Admin could only refuse them. */
function headersOf(serviceToken: string, by: Asker): Headers {
  const headers = new Headers({ 'content-type': 'application/json', authorization: `Bearer ${serviceToken}` });
  try {
    headers.set('ptt-correlation-id', by.correlationId);
    if (by.subjectToken !== null) headers.set('ptt-subject-token', by.subjectToken);
  } catch (error) {
    throw new AdminRefused("the caller's token or correlation id does not fit into a header", { cause: error });
  }
  return headers;
}
