import type { InputRead, Lived } from '../watch/seen.ts';
import { Checker } from './checker.ts';

const TAKES_EFFECT_MS = 250;
const NOTICED_MS = 2_000;
/** What was wrong before may still be on its way: a relay that waits between two tries. */
const AFTERMATH_MS = 6_000;

/**
 * What is committed takes effect on every connected replica within 250 ms; a lost subscription is noticed within 2 s, and
 * from then on nothing is answered out of the process.
 */
export class TakesEffect extends Checker {
  readonly id = 'I7';
  /** Since when each replica's subscription is lost. */
  readonly #cutSince = new Map<string, number>();

  lived({ name, what, at }: Lived): void {
    if (what === 'cut') this.#cutSince.set(name, this.#cutSince.get(name) ?? at);
    if (what === 'restored' || what === 'up') this.#cutSince.delete(name);
  }

  read({ replica, key, version, beganAt, isInProcess }: InputRead): void {
    const cutSince = this.#cutSince.get(replica);
    if (cutSince !== undefined && beganAt > cutSince + NOTICED_MS) {
      this.check(!isInProcess, () => 'it was answered out of the process, with no subscription for 2 s', {
        replica,
        key,
      });
    }
    const history = this.ledger.history(key);
    const due = history.findLast(({ at }) => at + TAKES_EFFECT_MS < beganAt);
    if (due === undefined) return;
    const { disturbances } = this.world;
    if (!disturbances.isQuiet(due.at - AFTERMATH_MS, Math.min(beganAt, due.at + 60_000))) return;
    this.check(
      version >= due.version,
      () =>
        `version ${version} was served ${Math.round(beganAt - due.at)} ms after version ${due.version} was committed`,
      { replica, key },
    );
  }
}
