import type { Heard, KeysRead, Lived, TokenRead } from '../watch/seen.ts';
import type { FaultKind } from '../faults/kinds.ts';
import { Checker } from './checker.ts';

const MINUTE_MS = 60_000;
const TTL_MS = 3_600_000;
/** Within so long of a failure the set is read again, whoever asks. */
const RETRIED_MS = 60_000;
/** Until a set that was flushed is there again: a read and its limit; a read may also have begun so late. */
const READ_MS = 3_500;

/** What may keep a reader from the issuer, or from its own timers. */
const IN_THE_WAY: readonly FaultKind[] = ['issuer-cut', 'slow-network', 'replica-pause'];

/**
 * An unknown `kid` has the keys read at most once a minute; a removed key is refused within the namespace's TTL, and at
 * once after it was invalidated by hand; a token of a key that the issuer never had is refused always.
 */
export class Keys extends Checker {
  readonly id = 'I10';
  /** When a read was begun that only an unknown kid can have caused. */
  readonly #askedAt = new Map<string, number>();
  readonly #begunAt = new Map<string, number>();
  readonly #servedAt = new Map<string, number>();
  /** When its set was last forgotten, for whatever reason. */
  readonly #flushedAt = new Map<string, number>();
  /** When it last heard that somebody had invalidated it. */
  readonly #invalidatedAt = new Map<string, number>();

  lived({ name, what, at }: Lived): void {
    // What was said while it was cut off is not known.
    if (what === 'restored') this.#flushedAt.set(name, at);
    if (what !== 'up') return;
    for (const times of [this.#askedAt, this.#servedAt, this.#flushedAt, this.#invalidatedAt]) times.delete(name);
  }

  heard({ replica, message, at }: Heard): void {
    if (message['namespace'] !== 'jwks') return;
    this.#flushedAt.set(replica, at);
    this.#invalidatedAt.set(replica, at);
  }

  keysRead({ reader, isServed, at }: KeysRead): void {
    const servedAt = this.#servedAt.get(reader) ?? -Infinity;
    const flushedAt = this.#flushedAt.get(reader) ?? -Infinity;
    if (isServed) {
      // What was begun before a flush does not count after it, and what is asked of the issuer now may have been begun
      // so long ago: what replicas share was asked first.
      if ((this.#begunAt.get(reader) ?? -Infinity) >= flushedAt + READ_MS) this.#servedAt.set(reader, at);
      return;
    }
    this.#begunAt.set(reader, at);
    // With no set, or one that was flushed or is old, it is nobody's unknown kid.
    const isNeeded = servedAt <= flushedAt || at - servedAt >= 0.8 * TTL_MS;
    if (isNeeded) return;
    const before = this.#askedAt.get(reader);
    this.#askedAt.set(reader, at);
    if (before === undefined) return;
    // After a failure it is read again sooner: with the issuer away that is no unknown kid's doing.
    if (!this.world.disturbances.isQuiet(before - RETRIED_MS, at, { kinds: IN_THE_WAY })) return;
    this.check(
      at - before >= MINUTE_MS - READ_MS,
      () => `an unknown kid had the keys read after ${Math.round(at - before)} ms`,
      {
        replica: reader,
      },
    );
  }

  tokenRead({ reader, kid, isForged, isTaken, at }: TokenRead): void {
    if (isForged) this.check(!isTaken, () => `a forged token of ${kid} was taken`, { replica: reader });
    const removedAt = this.world.topology.issuer.removedAt.get(kid);
    if (removedAt === undefined || !isTaken) return;
    this.check(at - removedAt <= TTL_MS, () => `a token of ${kid} was taken long after that key was removed`, {
      replica: reader,
    });
    const invalidatedAt = this.#invalidatedAt.get(reader);
    if (invalidatedAt === undefined || invalidatedAt < removedAt || at < invalidatedAt + READ_MS) return;
    if (!this.world.disturbances.isQuiet(invalidatedAt - RETRIED_MS, at, { kinds: IN_THE_WAY })) return;
    this.check(false, () => `a token of ${kid} was taken after that key was removed and invalidated`, {
      replica: reader,
    });
  }
}
