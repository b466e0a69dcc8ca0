import { PttError, within, type Clock, type Scheduler } from '#libs/kernel';
import { IssuerUnreachable, type JwksSource, type JwksText } from './jwks-source.ts';
import { KeySet, type KeysStanding, type PublicKey } from './key-set.ts';
import { readJwks, type KeysByKid } from './read-jwks.ts';
import type { Signatures } from './signatures.ts';

/** The namespace `jwks`: what was read counts for an hour, and is read again ahead of that. */
const HARD_MS = 3_600_000;
const SOFT_MS = 0.8 * HARD_MS;
/** Past the hour, the last good set counts for so long after each failure to read it again. */
const ISSUER_DOWN_MS = 60_000;
/** An unknown `kid` makes us ask again this often at most, whoever sends it, and again after that failed. */
const UNKNOWN_KID_MS = 60_000;
/** Between tries after a failure. */
const RETRY_MS = 1_000;
/** For the whole answer. */
const READ_MS = 3_000;
/** What a call waits at most: for a read that was under way, and for one that began after it. */
const FIND_MS = 2 * READ_MS;

const NEVER = Number.NEGATIVE_INFINITY;

const READ: KeysStanding = { status: 'up', detail: 'its keys were read', required: false };
const KEPT: KeysStanding = {
  status: 'down',
  detail: 'its keys could not be read again: the last good ones go on',
  required: false,
};
const UNASKED: KeysStanding = { status: 'up', detail: 'its keys have not been read yet', required: false };
const UNREAD: KeysStanding = {
  status: 'down',
  detail: 'its keys could not be read so far: no token can be verified',
  required: true,
};

export interface JwksKeySetPorts {
  readonly source: JwksSource;
  readonly signatures: Signatures;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Told why the keys could not be read, for the log. */
  readonly report: (failure: unknown) => void;
}

/**
 * The keys that an issuer publishes, asked for when they are needed: with no traffic nothing runs. One read at a
 * time; what was read before a flush does not count after it.
 */
export class JwksKeySet extends KeySet {
  readonly #source: JwksSource;
  readonly #signatures: Signatures;
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;
  readonly #report: (failure: unknown) => void;
  #keys: KeysByKid | null = null;
  /** When `#keys` were read from the issuer, by whomever. */
  #readAt = NEVER;
  /** When the newest read failed; `NEVER` when it did not. */
  #failedAt = NEVER;
  #triedAt = NEVER;
  #unknownAt = NEVER;
  /** Whether only the issuer's own word counts, until it was heard: what others have read may be from before. */
  #mustAskIssuer = false;
  #reading: Promise<void> | null = null;
  #askedForUnknown: Promise<void> = Promise.resolve();
  #flushes = 0;

  constructor({ source, signatures, clock, scheduler, report }: JwksKeySetPorts) {
    super();
    this.#signatures = signatures;
    this.#source = source;
    this.#clock = clock;
    this.#scheduler = scheduler;
    this.#report = report;
  }

  known(kid: string): PublicKey | undefined {
    const at = this.#clock.monotonicMs();
    if (this.#keys === null || !this.#counts(at)) return undefined;
    this.#readAgain(at);
    return this.#keys.get(kid);
  }

  find(kid: string): Promise<PublicKey | null> {
    return within(this.#scheduler, FIND_MS, () => this.#find(kid), unread);
  }

  async #find(kid: string): Promise<PublicKey | null> {
    if (!(await this.#freshen())) throw unread();
    const at = this.#clock.monotonicMs();
    if (this.#keysNow().has(kid)) return this.#keysNow().get(kid) ?? null;
    if (this.mayAskFor(kid, at - this.#unknownAt)) this.#askForUnknown(at);
    // Everybody with an unknown kid waits for the one read: at a rotation they all have the new one.
    await this.#askedForUnknown;
    return this.#keysNow().get(kid) ?? null;
  }

  standing(): KeysStanding {
    const hasFailed = this.#failedAt !== NEVER;
    if (this.#keys === null) {
      void this.#freshen();
      return hasFailed ? UNREAD : UNASKED;
    }
    if (!hasFailed) return READ;
    this.#readAgain(this.#clock.monotonicMs());
    return KEPT;
  }

  flush(): void {
    this.#flushes++;
    this.#mustAskIssuer = true;
    this.#reading = null;
    this.#readAt = this.#failedAt = this.#triedAt = NEVER;
  }

  /** Whether an unknown kid is reason to ask the issuer. @param sinceMs since it last was, whichever it was */
  protected mayAskFor(_kid: string, sinceMs: number): boolean {
    return sinceMs >= UNKNOWN_KID_MS;
  }

  #counts(at: number): boolean {
    return at - this.#readAt < HARD_MS || at - this.#failedAt < ISSUER_DOWN_MS;
  }

  /** Ahead of the end of the keys that are there; and where only an unknown kid's read failed, as often as for those. */
  #readAgain(at: number): void {
    if (at - this.#readAt >= SOFT_MS) {
      if (at - this.#triedAt >= RETRY_MS) void this.#read();
    } else if (this.#failedAt !== NEVER && at - this.#unknownAt >= UNKNOWN_KID_MS) this.#askForUnknown(at);
  }

  #askForUnknown(at: number): void {
    this.#unknownAt = at;
    this.#mustAskIssuer = true;
    this.#askedForUnknown = this.#readAfresh();
  }

  #keysNow(): KeysByKid {
    if (this.#keys !== null) return this.#keys;
    throw unread();
  }

  /** @returns false where flushes made void whatever was read in time: then the keys from before are void too */
  async #freshen(): Promise<boolean> {
    const until = this.#clock.monotonicMs() + READ_MS;
    for (let at = this.#clock.monotonicMs(); at < until; at = this.#clock.monotonicMs()) {
      if (this.#keys !== null && this.#counts(at)) return true;
      if (this.#reading === null && at - this.#triedAt < RETRY_MS) return true;
      const flushes = this.#flushes;
      await this.#read();
      if (flushes === this.#flushes) return true;
    }
    return false;
  }

  /** A read that begins after now. */
  async #readAfresh(): Promise<void> {
    await this.#reading;
    await this.#read();
  }

  /** Joins the read under way, or begins one. Never rejects. */
  #read(): Promise<void> {
    this.#reading ??= this.#readOnce(this.#flushes);
    return this.#reading;
  }

  async #readOnce(flushes: number): Promise<void> {
    const beganAt = this.#clock.monotonicMs();
    this.#triedAt = beganAt;
    const isIssuersOwn = this.#mustAskIssuer;
    // Never older than what is known here already, and never past its hour.
    const youngerThanMs = isIssuersOwn ? 0 : Math.min(HARD_MS, beganAt - this.#readAt);
    try {
      const { text, ageMs } = await this.#inTime(youngerThanMs);
      const keys = await readJwks(text, this.#keys ?? new Map(), this.#signatures);
      if (flushes !== this.#flushes) return;
      this.#keys = keys;
      this.#readAt = beganAt - ageMs;
      if (isIssuersOwn) this.#mustAskIssuer = false;
      this.#failedAt = NEVER;
    } catch (error) {
      this.#report(error);
      if (flushes === this.#flushes) this.#failedAt = this.#clock.monotonicMs();
    } finally {
      if (flushes === this.#flushes) this.#reading = null;
    }
  }

  #inTime(youngerThanMs: number): Promise<JwksText> {
    const giveUp = new AbortController();
    return within(
      this.#scheduler,
      READ_MS,
      () => this.#source.read(giveUp.signal, youngerThanMs),
      () => {
        const failure = new IssuerUnreachable(`the issuer did not answer within ${READ_MS} ms`);
        giveUp.abort(failure);
        return failure;
      },
    );
  }
}

function unread(): PttError {
  return new PttError('issuer_unavailable', {
    detail: "The issuer's keys could not be read, so no token can be verified; try again in a moment.",
  });
}
