import {
  type Flag,
  flagCacheKey,
  FlagStore,
  type HeldOverride,
  overrideCacheKey,
  type OverrideFilter,
  type Override,
  type OverrideScope,
  OverrideStore,
  type Reread,
  type Stored,
} from '#libs/flags';

/** What a read of a store is, in between: time passes, or it never comes back. */
export interface Distance {
  /** Runs the read after a while, and gives its outcome after another one. */
  read<T>(key: string, read: () => T | Promise<T>): Promise<T>;
  /** A promise as whoever asks sees it. */
  guard<T>(promise: Promise<T>): Promise<T>;
}

/** Definitions as a replica reads them that is not where they are kept. */
export class DistantFlags extends FlagStore {
  constructor(
    private readonly below: FlagStore,
    private readonly distance: Distance,
  ) {
    super();
  }

  override look(): Promise<void> {
    return this.distance.guard(Promise.resolve(this.below.look()));
  }

  override read(key: string): Promise<Stored<Flag>> {
    return this.distance.read(flagCacheKey(key), () => this.below.read(key));
  }

  override list(): Promise<readonly Flag[]> {
    return this.distance.read('ptt:ff:flag', () => this.below.list());
  }

  override isUntouched(): boolean | Promise<boolean> {
    return this.below.isUntouched();
  }

  override changeRegistry<Answer>(...words: Parameters<typeof FlagStore.prototype.changeRegistry<Answer>>) {
    return this.below.changeRegistry(...words);
  }

  override reread(rows: ReadonlySet<string> | null): Promise<Reread> {
    return this.distance.guard(this.below.reread(rows));
  }
}

/** Overrides likewise. */
export class DistantOverrides extends OverrideStore {
  constructor(
    private readonly below: OverrideStore,
    private readonly distance: Distance,
  ) {
    super();
  }

  override read(flag_key: string, scope: OverrideScope, subject_id: string): Promise<Stored<HeldOverride>> {
    const key = overrideCacheKey({ scope, flag_key, subject_id });
    return this.distance.read(key, () => this.below.read(flag_key, scope, subject_id));
  }

  override list(filter: OverrideFilter): Promise<readonly Override[]> {
    return this.distance.read('ptt:ff:override', () => this.below.list(filter));
  }

  override isUntouched(): boolean | Promise<boolean> {
    return this.below.isUntouched();
  }

  override change<Answer>(...words: Parameters<typeof OverrideStore.prototype.change<Answer>>) {
    return this.below.change(...words);
  }

  override changeAll<Answer>(...words: Parameters<typeof OverrideStore.prototype.changeAll<Answer>>) {
    return this.below.changeAll(...words);
  }
}
