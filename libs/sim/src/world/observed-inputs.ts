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
import type { CacheNamespace } from '#libs/cache';
import type { Watch } from '../watch/watch.ts';

interface Eye {
  readonly replica: string;
  readonly watch: Watch;
  readonly now: () => number;
}

/** A replica's inputs, with every read told of. */
export class ObservedInputs extends FlagInputs {
  constructor(
    private readonly below: FlagInputs,
    private readonly eye: Eye,
  ) {
    super();
  }

  override get warnings(): readonly string[] {
    return this.below.warnings;
  }

  override begin(): InputReader | Promise<InputReader> {
    const begun = this.below.begin();
    if (begun instanceof Promise) return begun.then((reader) => new ObservedReader(reader, this.eye));
    return new ObservedReader(begun, this.eye);
  }
}

class ObservedReader implements InputReader {
  readonly #askedAt: number;

  constructor(
    private readonly below: InputReader,
    private readonly eye: Eye,
  ) {
    this.#askedAt = eye.now();
  }

  get cache(): InputReader['cache'] {
    return this.below.cache;
  }

  flag(key: string): Stored<Flag> | Promise<Stored<Flag>> {
    return this.#told('flag', flagCacheKey(key), () => this.below.flag(key));
  }

  override(
    flag_key: string,
    scope: OverrideScope,
    subject_id: string,
  ): Stored<HeldOverride> | Promise<Stored<HeldOverride>> {
    const key = overrideCacheKey({ scope, flag_key, subject_id });
    return this.#told('override', key, () => this.below.override(flag_key, scope, subject_id));
  }

  derived(from: DerivedFrom, evaluate: () => Evaluation): Evaluation {
    const given = this.below.derived(from, evaluate);
    const { replica, watch, now } = this.eye;
    watch.derived({ replica, flagKey: from.flagKey, given, expected: evaluate(), at: now() });
    return given;
  }

  #told<T extends Flag | HeldOverride>(
    namespace: CacheNamespace,
    key: string,
    read: () => Stored<T> | Promise<Stored<T>>,
  ) {
    const beganAt = this.eye.now();
    const answer = read();
    if (answer instanceof Promise) return answer.then((stored) => this.#tell(namespace, key, stored, beganAt, false));
    return this.#tell(namespace, key, answer, beganAt, true);
  }

  #tell<T extends Flag | HeldOverride>(
    namespace: CacheNamespace,
    key: string,
    stored: Stored<T>,
    beganAt: number,
    isInProcess: boolean,
  ): Stored<T> {
    const { replica, watch, now } = this.eye;
    const cache = this.below.cache;
    const { version, value } = stored;
    const askedAt = this.#askedAt;
    watch.read({ replica, namespace, key, version, value, cache, isInProcess, askedAt, beganAt, endedAt: now() });
    return stored;
  }
}
