import type { InputRead, Lived } from '../watch/seen.ts';
import { Checker } from './checker.ts';

/** Reads on one replica never go back in version. */
export class NeverBack extends Checker {
  readonly id = 'I3';
  readonly #seen = new Map<string, Map<string, { readonly version: number; readonly at: number }[]>>();

  lived({ name, what }: Lived): void {
    if (what === 'up') this.#seen.delete(name);
  }

  read({ replica, key, version, beganAt, endedAt }: InputRead): void {
    const keys = this.#seen.get(replica) ?? new Map<string, { version: number; at: number }[]>();
    this.#seen.set(replica, keys);
    const seen = keys.get(key) ?? [];
    keys.set(key, seen);
    const before = seen.findLast((one) => one.at <= beganAt)?.version;
    if (before !== undefined) {
      this.check(version >= before, () => `version ${version} was served after version ${before}`, { replica, key });
    }
    if (version > (seen.at(-1)?.version ?? -1)) seen.push({ version, at: endedAt });
  }
}
