import type { Commit, InputRead, Lived, TierAct } from '../watch/seen.ts';
import { Checker } from './checker.ts';

const TAKES_EFFECT_MS = 250;
const NOTICED_MS = 2_000;
/** What was wrong before may still be on its way: a relay that waits between two tries. */
const AFTERMATH_MS = 6_000;
/** What is committed is announced by then, whatever goes wrong: somebody always gets through. */
const ANNOUNCED_MS = 30_000;

/**
 * What is committed takes effect on every connected replica within 250 ms, in quiet times of its commit and at all times
 * of its announcement; nothing is announced before it is committed, or never; a lost subscription is noticed within 2 s, and
 * from then on nothing is answered out of the process.
 */
export class TakesEffect extends Checker {
  readonly id = 'I7';
  /** Since when each replica's subscription is lost. */
  readonly #cutSince = new Map<string, number>();
  /** Until when each replica stood still. */
  readonly #stoodUntil = new Map<string, number>();
  /** What was announced of each key, and when first. */
  readonly #announced = new Map<string, { readonly version: number; readonly at: number }[]>();

  /** What was committed and not announced yet, by key, the oldest first. */
  readonly #waiting = new Map<string, { readonly version: number; readonly at: number }>();

  committed({ store, line, at, isFound }: Commit): void {
    // With what a dead process had not told of the tier is dropped as a whole.
    if (store !== 'ff' || isFound) return;
    for (const { payload } of line.messages) {
      const { key, version } = payload;
      if (typeof key !== 'string' || typeof version !== 'number') continue;
      this.#waiting.delete(key);
      this.#waiting.set(key, { version, at });
    }
  }

  tier(act: TierAct): void {
    if (act.act !== 'announced') return;
    const { key, version } = act.message;
    if (typeof key !== 'string' || typeof version !== 'number') return;
    if (version >= (this.#waiting.get(key)?.version ?? 0)) this.#waiting.delete(key);
    const committed = this.ledger.history(key).at(-1)?.version ?? 0;
    this.check(version <= committed, () => `version ${version} was announced, and not committed yet`, { key });
    const known = this.#announced.get(key) ?? [];
    this.#announced.set(key, known);
    if (version > (known.at(-1)?.version ?? 0)) known.push({ version, at: act.at });
  }

  lived({ name, what, at }: Lived): void {
    // With FF's process goes what it had to tell: the next one drops the tier, and all were cut off.
    if (what === 'down' && name.startsWith('ff-')) this.#waiting.clear();
    if (what === 'paused') this.#stoodUntil.set(name, Infinity);
    if (what === 'resumed' || what === 'up') this.#stoodUntil.set(name, at);
    if (what === 'cut') this.#cutSince.set(name, this.#cutSince.get(name) ?? at);
    if (what === 'restored' || what === 'up') this.#cutSince.delete(name);
  }

  read({ replica, key, version, beganAt, isInProcess }: InputRead): void {
    for (const [waiting, { version: untold, at }] of this.#waiting) {
      this.check(beganAt - at <= ANNOUNCED_MS, () => `version ${untold} was committed, and never announced`, {
        key: waiting,
      });
      break;
    }
    const cutSince = this.#cutSince.get(replica);
    if (cutSince !== undefined && beganAt > cutSince + NOTICED_MS) {
      this.check(!isInProcess, () => 'it was answered out of the process, with no subscription for 2 s', {
        replica,
        key,
      });
    }
    if (cutSince === undefined && beganAt > (this.#stoodUntil.get(replica) ?? 0) + TAKES_EFFECT_MS) {
      const told = this.#announced.get(key)?.findLast(({ at }) => at + TAKES_EFFECT_MS < beganAt);
      this.check(
        version >= (told?.version ?? 0),
        () => `version ${version} was served, and version ${told?.version} announced long before`,
        { replica, key },
      );
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
