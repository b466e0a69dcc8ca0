import type { JsonObject } from '#libs/kernel';
import type { Commit, Heard, InputRead, Lived, Published, Refreshed, TierAct } from '../watch/seen.ts';
import { Announcements } from './announcements.ts';
import { Checker } from './checker.ts';
import { textOf } from './fields.ts';

const TAKES_EFFECT_MS = 250;
const NOTICED_MS = 2_000;
/** What was wrong before may still be on its way: a relay that waits between two tries. */
const AFTERMATH_MS = 6_000;
/** What is committed is announced by then, whatever goes wrong: somebody always gets through. */
const ANNOUNCED_MS = 30_000;

/**
 * What is committed takes effect on every connected replica within 250 ms, in quiet times of its commit and at all times
 * of its announcement, but for where the network is slow. Every message of a commit, of Admin's too, is announced, not
 * before it is committed, in quiet times within 250 ms, and is heard within 250 ms by who is connected over a network that
 * is not slow. A lost subscription is noticed within 2 s, and from then on nothing is answered out of the process.
 */
export class TakesEffect extends Checker {
  readonly id = 'I7';
  /** Since when each replica's subscription is lost. */
  readonly #cutSince = new Map<string, number>();
  /** Until when each replica stood still, or heard nothing: a read that began before may have joined an older load. */
  readonly #deafUntil = new Map<string, number>();
  /** What was announced of each key, and when first. */
  readonly #announced = new Map<string, { readonly version: number; readonly at: number }[]>();
  readonly #announcements = new Announcements();

  committed(commit: Commit): void {
    this.#announcements.committed(commit);
  }

  tier(act: TierAct): void {
    if (act.act !== 'announced') return;
    this.#handedOver(act.message);
    const { key, version } = act.message;
    if (typeof key !== 'string' || typeof version !== 'number') return;
    const committed = this.ledger.history(key).at(-1)?.version ?? 0;
    this.check(version <= committed, () => `version ${version} was announced, and not committed yet`, { key });
    const known = this.#announced.get(key) ?? [];
    this.#announced.set(key, known);
    if (version > (known.at(-1)?.version ?? 0)) known.push({ version, at: act.at });
  }

  published({ message }: Published): void {
    this.#handedOver(message);
  }

  heard(heard: Heard): void {
    this.#noteHeard(heard);
  }

  refreshed(refreshed: Refreshed): void {
    this.#noteHeard(refreshed);
  }

  lived(lived: Lived): void {
    const { name, what, at } = lived;
    this.#announcements.lived(lived);
    if (what === 'paused') this.#deafUntil.set(name, Infinity);
    if (what === 'resumed' || what === 'restored' || what === 'up') this.#deafUntil.set(name, at);
    if (what === 'cut') this.#cutSince.set(name, this.#cutSince.get(name) ?? at);
    if (what === 'restored' || what === 'up') this.#cutSince.delete(name);
  }

  read({ replica, key, version, beganAt, isInProcess }: InputRead): void {
    this.#lookForLate();
    const cutSince = this.#cutSince.get(replica);
    if (cutSince !== undefined && beganAt > cutSince + NOTICED_MS) {
      this.check(!isInProcess, () => 'it was answered out of the process, with no subscription for 2 s', {
        replica,
        key,
      });
    }
    if (cutSince === undefined && beganAt > (this.#deafUntil.get(replica) ?? 0) + TAKES_EFFECT_MS) {
      const told = this.#announced.get(key)?.findLast(({ at }) => at + TAKES_EFFECT_MS < beganAt);
      this.check(
        told === undefined || version >= told.version || this.#isSlow(told.at, replica),
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

  /** After so long a quiet time nothing waits any more. */
  override end(): void {
    this.#lookForLate();
    const { oldestUntold: untold } = this.#announcements;
    this.check(untold === undefined, () => `event ${untold?.id} was never announced`);
  }

  #handedOver(message: JsonObject): void {
    this.#lookForLate();
    const isCommitted = this.#announcements.handedOver(message, this.now);
    this.check(isCommitted, () => `event ${textOf(message['event_id'])} was announced, and not committed yet`);
  }

  #lookForLate(): void {
    const { oldestUntold: untold, oldestUnheard: unheard } = this.#announcements;
    if (untold !== undefined) {
      const { id, at } = untold;
      this.check(
        !this.#isLate(at),
        () => `event ${id} was committed at ${Math.round(at)} ms, and is not announced yet`,
      );
    }
    if (unheard !== undefined) {
      const { id, at, by } = unheard;
      for (const replica of by) {
        this.check(this.#mayComeNow(at, replica), () => `event ${id} was announced, and not heard`, { replica });
      }
    }
  }

  #noteHeard(heard: Heard | Refreshed): void {
    const { replica, message } = heard;
    const announcedAt = this.#announcements.heard(heard);
    this.check(
      announcedAt === undefined || this.#mayComeNow(announcedAt, replica),
      () => `event ${textOf(message['event_id'])} was heard long after it was announced`,
      { replica },
    );
  }

  /** Whether what was announced then may get to a replica as late as now. */
  #mayComeNow(announcedAt: number, replica: string): boolean {
    return this.now - announcedAt <= TAKES_EFFECT_MS || this.#isSlow(announcedAt, replica);
  }

  /** Whether messages to it may have been late at some time since. */
  #isSlow(since: number, replica: string): boolean {
    return !this.world.disturbances.isQuiet(since, this.now, { node: replica, kinds: ['slow-network'] });
  }

  /** Whether what was committed then should have been announced by now. */
  #isLate(at: number): boolean {
    const { now } = this;
    if (now - at <= TAKES_EFFECT_MS) return false;
    return now - at > ANNOUNCED_MS || this.world.disturbances.isQuiet(at - AFTERMATH_MS, now);
  }
}
