import { describe, expect, it } from '@jest/globals';
import { MemoryBusDriver, MemoryBusHub } from '#libs/bus';
import { type BusEnd, busContract, type BusUnderTest } from '#libs/bus/testing';
import { Chance } from '../chance.ts';
import { Network } from '../net/network.ts';
import { RollingHash } from '../rolling-hash.ts';
import { WallClock } from '../time/node-time.ts';
import { VirtualTime } from '../time/virtual-time.ts';
import { SimProcess } from '../world/process.ts';
import { Watch } from '../watch/watch.ts';
import { RemoteBus } from './remote-bus.ts';

/** After that nothing is under way, and whatever was lost is noticed. */
const QUIET_MS = 5_000;
const NOTICED_MS = 1_000;

class Remote implements BusUnderTest {
  readonly time = new VirtualTime(new Chance(1), new RollingHash());
  readonly #network = new Network(this.time, new Chance(2), {
    loses: () => this.isDeaf,
    losesReply: () => false,
    delayMs: () => 0,
  });
  readonly #hub = new MemoryBusHub((task) => void this.time.after(this.#network.latency('redis', 'anybody'), task));
  readonly #server = this.#process('redis');
  /** Whether nothing gets to anybody. */
  isDeaf = false;
  #ends = 0;

  end(): BusEnd & { readonly driver: RemoteBus } {
    this.#ends += 1;
    const ends = { self: this.#process(`ff-${this.#ends}`), server: this.#server };
    const driver = new RemoteBus(new MemoryBusDriver(this.#hub), ends, {
      network: this.#network,
      time: this.time,
      watch: new Watch(),
    });
    return { driver, cut: () => void driver.cut(NOTICED_MS), restore: () => driver.restore(() => undefined) };
  }

  settle(): Promise<void> {
    return this.time.runUntil(this.time.now + QUIET_MS, () => false);
  }

  #process(name: string): SimProcess {
    return new SimProcess(name, this.time, new WallClock());
  }
}

busContract('remote', () => new Remote());

describe('a bus on another machine', () => {
  it('gives a publish up that nobody answers', async () => {
    const bus = new Remote();
    const { driver } = bus.end();
    bus.isDeaf = true;
    const published = driver.publish('c', {});
    await Promise.all([
      expect(published).rejects.toMatchObject({ name: 'BusUnreachable', message: 'c: no answer within 500 ms' }),
      bus.settle(),
    ]);
  });

  it('is lost before anybody notices, and its messages with it', async () => {
    const bus = new Remote();
    const { driver, cut, restore } = bus.end();
    const publisher = bus.end();
    const got: string[] = [];
    await driver.subscribe('c', (text) => void got.push(text));
    cut();
    expect(driver.isConnected).toBe(true);
    await Promise.all([publisher.driver.publish('c', { n: 1 }), bus.time.runUntil(NOTICED_MS - 1, () => false)]);
    expect([driver.isConnected, got]).toEqual([true, []]);
    restore();
    expect(driver.isConnected).toBe(false);
    await bus.settle();
    expect([driver.isConnected, got]).toEqual([true, []]);
  });
});
