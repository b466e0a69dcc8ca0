import { type CacheNamespace, type Invalidation, type Lease, type SharedGet, SharedTier } from '#libs/cache';
import { isRecord, parseJson } from '#libs/kernel';
import type { Callee, Network } from '../net/network.ts';
import type { Watch } from '../watch/watch.ts';

/** A replica's end of a shared tier on another machine. A connection that was lost is told of once it is there again. */
export class RemoteTier extends SharedTier {
  readonly #below: SharedTier;
  readonly #self: Callee;
  readonly #server: Callee;
  readonly #network: Network;
  readonly #watch: Watch;
  readonly #now: () => number;
  readonly #reconnected: (() => void)[] = [];

  constructor(
    below: SharedTier,
    ends: { readonly self: Callee; readonly server: Callee },
    { network, watch, now }: { readonly network: Network; readonly watch: Watch; readonly now: () => number },
  ) {
    super();
    this.#below = below;
    this.#self = ends.self;
    this.#server = ends.server;
    this.#network = network;
    this.#watch = watch;
    this.#now = now;
  }

  get(namespace: CacheNamespace, key: string, refresh: boolean): Promise<SharedGet> {
    return this.#call(async () => {
      const got = await this.#below.get(namespace, key, refresh);
      if (got.kind === 'entry') this.#watch.tier({ act: 'got', key, replica: this.#self.name, at: this.#now() });
      const lease = got.kind === 'leased' ? null : got.lease;
      if (lease !== null) {
        this.#watch.tier({ act: 'lent', key, lease, replica: this.#self.name, at: this.#now() });
      }
      return got;
    });
  }

  fill(namespace: CacheNamespace, key: string, lease: Lease, text: string): Promise<boolean> {
    return this.#call(async () => {
      const isTaken = await this.#below.fill(namespace, key, lease, text);
      const replica = this.#self.name;
      const version = versionIn(text);
      this.#watch.tier({ act: 'fill', key, lease, replica, version, isTaken, at: this.#now() });
      return isTaken;
    });
  }

  announce(message: Invalidation): Promise<void> {
    return this.#call(async () => {
      await this.#below.announce(message);
      this.#watch.tier({ act: 'announced', message, replica: this.#self.name, at: this.#now() });
    });
  }

  raiseEpochs(): Promise<void> {
    return this.#call(async () => {
      await this.#below.raiseEpochs();
      this.#watch.tier({ act: 'dropped', at: this.#now() });
    });
  }

  onReconnected(listener: () => void): void {
    this.#reconnected.push(listener);
  }

  /** The connection was lost, and is there again. */
  reconnect(): void {
    this.#self.life.run(() => {
      for (const listener of this.#reconnected) listener();
    });
  }

  #call<T>(act: () => Promise<T>): Promise<T> {
    return this.#network.call(this.#self, this.#server, act);
  }
}

function versionIn(text: string): number | null {
  const entry = parseJson(text);
  return isRecord(entry) && typeof entry['version'] === 'number' ? entry['version'] : null;
}
