import { isRecord, type Scheduler } from '#libs/kernel';
import type { ServiceToken } from './approval-check.ts';
import { readBody } from './read-body.ts';

/** A reload waits no longer for Admin than a gated evaluation does. */
const READ_MS = 900;
/** Some 5,000 rows. */
const MATRIX_MAX_BYTES = 1_048_576;

/** Asks a running Admin which rows its approval matrix has; FF refuses flags under others at reload and import. */
export class HttpMatrixRows {
  readonly #url: URL;
  readonly #serviceToken: ServiceToken;
  readonly #scheduler: Scheduler;

  /** @param adminUrl where Admin is, such as `http://127.0.0.1:7081`. */
  constructor(adminUrl: string, serviceToken: ServiceToken, scheduler: Scheduler) {
    this.#url = new URL(`${adminUrl.replace(/\/+$/, '')}/api/policy/matrix`);
    this.#serviceToken = serviceToken;
    this.#scheduler = scheduler;
  }

  /** Never throws: what does not answer, or answers anything but a matrix, is unreachable. */
  async rows(): Promise<ReadonlySet<string> | 'unreachable'> {
    const giveUp = new AbortController();
    const cancel = this.#scheduler.after(READ_MS, () => giveUp.abort());
    try {
      const authorization = `Bearer ${await this.#serviceToken.current()}`;
      const response = await fetch(this.#url, { headers: { authorization }, signal: giveUp.signal, redirect: 'error' });
      if (response.status !== 200) {
        await response.body?.cancel();
        return 'unreachable';
      }
      return rowsOf(JSON.parse(await readBody(response, MATRIX_MAX_BYTES)));
    } catch {
      // Unreachable is an answer here: FF goes on without, and such a flag is denied at every evaluation anyway.
      return 'unreachable';
    } finally {
      cancel();
    }
  }
}

function rowsOf(matrix: unknown): ReadonlySet<string> | 'unreachable' {
  if (!isRecord(matrix) || !Array.isArray(matrix['rows'])) return 'unreachable';
  const named = matrix['rows'].map((one: unknown) => (isRecord(one) ? one['row'] : null));
  return new Set(named.filter((row) => typeof row === 'string'));
}
