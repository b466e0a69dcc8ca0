import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type Invalidation, type SharedGet, SharedTier } from './index.ts';
import { changed, DROPPED, type Replica, Replicas } from './testing/replica.ts';

/** A tier whose calls arrive, and whose replies leave, whenever chance wants. */
class RacingTier extends SharedTier {
  constructor(
    private readonly below: SharedTier,
    private readonly chance: fc.Scheduler,
  ) {
    super();
  }

  get(...words: Parameters<SharedTier['get']>): Promise<SharedGet> {
    return this.#call('get', () => this.below.get(...words));
  }

  fill(...words: Parameters<SharedTier['fill']>): Promise<boolean> {
    return this.#call('fill', () => this.below.fill(...words));
  }

  announce(message: Invalidation): Promise<void> {
    return this.#call('announce', () => this.below.announce(message));
  }

  raiseEpochs(): Promise<void> {
    return this.#call('raise', () => this.below.raiseEpochs());
  }

  onReconnected(): void {}

  async #call<T>(label: string, act: () => Promise<T>): Promise<T> {
    await this.chance.schedule(Promise.resolve(), `${label} arrives`);
    const answer = await act();
    return this.chance.schedule(Promise.resolve(answer), `${label} replies`);
  }
}

const act = fc.constantFrom('read', 'read', 'read', 'change', 'drop', 'break', 'restore');
const acts = fc.array(fc.record({ act, replica: fc.nat(1), steps: fc.nat(4) }), { minLength: 3, maxLength: 14 });

interface Reader {
  readonly replica: Replica;
  /** The highest version that this replica was told of, or answered. */
  seen: number;
  isListening: boolean;
}

function begin(reader: Reader): Promise<void> {
  // Reads begun later than what was seen may not be older than it.
  const known = reader.seen;
  return reader.replica.begin('a').then(({ version }) => {
    expect(version).toBeGreaterThanOrEqual(known);
    reader.seen = Math.max(reader.seen, version);
  });
}

describe('however calls and messages overtake each other', () => {
  it('no replica goes back behind what it saw, and in the end all answer what the store holds', async () => {
    await fc.assert(
      fc.asyncProperty(acts, fc.scheduler(), async (given, chance) => {
        const world = new Replicas();
        world.store.set('a', 'v1', 1);
        world.store.before = () => chance.schedule(Promise.resolve(), 'store');
        const tier = new RacingTier(world.memory, chance);
        const readers = [0, 1].map((): Reader => ({ replica: world.replica(tier), seen: 0, isListening: true }));
        const done: Promise<unknown>[] = [];
        const tell = (reader: Reader, message: Invalidation): void => {
          if (!reader.isListening) return;
          reader.replica.cache.onInvalidate(message);
          reader.seen = Math.max(reader.seen, message.version ?? 0);
        };
        let version = 1;
        for (const { act: next, replica: index, steps } of given) {
          const reader = readers[index];
          if (reader === undefined) continue;
          if (next === 'read') done.push(begin(reader));
          if (next === 'break') {
            reader.isListening = false;
            reader.replica.cache.onSubscriptionBreak();
          }
          if (next === 'restore') {
            reader.isListening = true;
            reader.replica.cache.onSubscriptionRestored();
          }
          if (next === 'change' || next === 'drop') {
            version += 1;
            world.store.set('a', `v${version}`, version);
            const message = next === 'change' ? changed('a', version) : DROPPED;
            // The writer knows at once; the others hear of it when the tier has done it.
            tell(reader, message);
            done.push(
              tier.announce(message).then(() => {
                for (const one of readers) tell(one, message);
              }),
            );
          }
          for (let step = 0; step < steps && chance.count() > 0; step += 1) await chance.waitNext(1);
        }
        await chance.waitIdle();
        await Promise.all(done);
        for (const reader of readers) if (!reader.isListening) reader.replica.cache.onSubscriptionRestored();
        for (const reader of readers) {
          const last = reader.replica.begin('a');
          await chance.waitIdle();
          expect((await last).version).toBe(version);
        }
        for (const { replica } of readers) replica.cache.close();
      }),
      { numRuns: 300 },
    );
  });
});
