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
    return readAnswers(await textOf(response), checks.length);
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
    throw new AdminRefused("the caller's token does not fit into a header", { cause: error });
  }
  return headers;
}

/** The body as UTF-8 text, given up on as soon as it is too long. */
async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const body: AsyncIterable<Uint8Array> | null = response.body;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > ANSWER_MAX_BYTES) throw new AdminUnreachable(`the body has more than ${ANSWER_MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
}
