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
  async knows(row: string): Promise<'yes' | 'no' | 'unreachable'> {
    const rows = await this.#rows();
    if (rows === null) return 'unreachable';
    return rows.has(row) ? 'yes' : 'no';
  }

  async #rows(): Promise<ReadonlySet<unknown> | null> {
    const giveUp = new AbortController();
    const cancel = this.#scheduler.after(READ_MS, () => giveUp.abort());
    try {
      const authorization = `Bearer ${await this.#serviceToken.current()}`;
      const response = await fetch(this.#url, { headers: { authorization }, signal: giveUp.signal, redirect: 'error' });
      if (response.status !== 200) {
        await response.body?.cancel();
        return null;
      }
      return rowsOf(JSON.parse(await readBody(response, MATRIX_MAX_BYTES)));
    } catch {
      // Unreachable is an answer here: FF goes on without, and such a flag is denied at every evaluation anyway.
      return null;
    } finally {
      cancel();
    }
  }
}

function rowsOf(matrix: unknown): ReadonlySet<unknown> | null {
  if (!isRecord(matrix) || !Array.isArray(matrix['rows'])) return null;
  return new Set(matrix['rows'].map((one: unknown) => (isRecord(one) ? one['row'] : undefined)));
}
