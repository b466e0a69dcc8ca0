import {
  type DerivedFrom,
  type Evaluation,
  FlagInputs,
  type Flag,
  flagCacheKey,
  type HeldOverride,
  type InputReader,
  overrideCacheKey,
  type OverrideScope,
  type Stored,
} from '#libs/flags';
import type { Clock } from '#libs/kernel';
import { type RequestRead, RequestReads } from '../watch/request-reads.ts';
import type { Watch } from '../watch/watch.ts';

interface Eye {
  readonly replica: string;
  readonly watch: Watch;
  readonly now: () => number;
  /** The replica's own. */
  readonly clock: Pick<Clock, 'now'>;
}

/** A replica's inputs, with every read told of. */
export class ObservedInputs extends FlagInputs {
  #begun: RequestReads;

  constructor(
    private readonly below: FlagInputs,
    private readonly eye: Eye,
  ) {
    super();
    this.#begun = new RequestReads(eye.clock);
  }

  /** The reads of the request that began last: for whoever has just begun one, before it waits for anything. */
  get begun(): RequestReads {
    return this.#begun;
  }

  override get warnings(): readonly string[] {
    return this.below.warnings;
  }

  override begin(): InputReader | Promise<InputReader> {
    const reads = new RequestReads(this.eye.clock);
    this.#begun = reads;
    const begun = this.below.begin();
    if (begun instanceof Promise) return begun.then((reader) => new ObservedReader(reader, reads, this.eye));
    return new ObservedReader(begun, reads, this.eye);
  }
}

class ObservedReader implements InputReader {
  readonly #askedAt: number;

  constructor(
    private readonly below: InputReader,
    private readonly reads: RequestReads,
    private readonly eye: Eye,
  ) {
    this.#askedAt = eye.now();
  }

  get cache(): InputReader['cache'] {
    return this.below.cache;
  }

  flag(key: string): Stored<Flag> | Promise<Stored<Flag>> {
    const read = { layer: 'flag', flagKey: key, subjectId: null, key: flagCacheKey(key) } as const;
    return this.#told(read, () => this.below.flag(key));
  }

  override(
    flag_key: string,
    scope: OverrideScope,
    subject_id: string,
  ): Stored<HeldOverride> | Promise<Stored<HeldOverride>> {
    const key = overrideCacheKey({ scope, flag_key, subject_id });
    const read = { layer: scope, flagKey: flag_key, subjectId: subject_id, key };
    return this.#told(read, () => this.below.override(flag_key, scope, subject_id));
  }

  derived(from: DerivedFrom, evaluate: () => Evaluation): Evaluation {
    const given = this.below.derived(from, evaluate);
    const { replica, watch, now } = this.eye;
    watch.derived({ replica, flagKey: from.flagKey, given, expected: evaluate(), at: now() });
    return given;
  }

  #told<T extends Flag | HeldOverride>(what: RequestRead, read: () => Stored<T> | Promise<Stored<T>>) {
    const beganAt = this.eye.now();
    this.reads.look();
    const answer = read();
    if (answer instanceof Promise) return answer.then((stored) => this.#tell(what, stored, beganAt, false));
    return this.#tell(what, answer, beganAt, true);
  }

  #tell<T extends Flag | HeldOverride>(
    what: RequestRead,
    stored: Stored<T>,
    beganAt: number,
    isInProcess: boolean,
  ): Stored<T> {
    const { replica, watch, now } = this.eye;
    const cache = this.below.cache;
    const { key } = what;
    const { version, value } = stored;
    const namespace = what.layer === 'flag' ? 'flag' : 'override';
    const askedAt = this.#askedAt;
    this.reads.note(what, version);
    watch.read({ replica, namespace, key, version, value, cache, isInProcess, askedAt, beganAt, endedAt: now() });
    return stored;
  }
}
