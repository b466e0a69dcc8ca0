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
    delayMs: (_from, to) => (to === 'anybody' ? 0 : this.lateMs),
  });
  readonly #hub = new MemoryBusHub((task) => void this.time.after(this.#network.latency('redis', 'anybody'), task));
  readonly #server = this.#process('redis');
  /** Whether nothing gets to anybody. */
  isDeaf = false;
  /** What every message to a replica takes longer now. */
  lateMs = 0;
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

  /** As the server sends it. */
  publish(channel: string, payload: { readonly n: number }): void {
    this.#hub.send(channel, JSON.stringify(payload));
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

  it('brings messages late and in their order over a slow network', async () => {
    const { bus, send, got, wait } = await slow();
    await send({ n: 1 }, 300);
    await send({ n: 2 }, 100);
    expect(got).toEqual([]);
    await wait(200);
    expect(got).toEqual(['{"n":1}']);
    await wait(300);
    expect(got).toEqual(['{"n":1}', '{"n":2}']);
    await send({ n: 3 }, 100_000);
    await wait(1_600);
    expect(got).toHaveLength(3);
    await send({ n: 4 }, 1_000);
    await send({ n: 5 }, 0);
    expect(got.slice(3)).toEqual(['{"n":4}', '{"n":5}']);
    await bus.settle();
    expect(got).toHaveLength(5);
  });

  it('is subscribed anew soon, however slow the network is', async () => {
    const { bus, got, wait, send, cut, restore } = await slow();
    bus.lateMs = 60_000;
    cut();
    restore();
    await wait(1_500);
    await send({ n: 1 }, 0);
    expect(got).toEqual(['{"n":1}']);
  });

  it('loses what a slow network held up when it breaks', async () => {
    const { bus, send, got, cut, restore } = await slow();
    await send({ n: 1 }, 1_000);
    bus.lateMs = 0;
    cut();
    restore();
    await bus.settle();
    expect(got).toEqual([]);
    await send({ n: 2 }, 1_000);
    await bus.settle();
    expect(got).toEqual(['{"n":2}']);
  });
});

/** A replica that listens, and one that publishes over a network which makes each message that much later. */
async function slow() {
  const bus = new Remote();
  const { driver, cut, restore } = bus.end();
  const got: string[] = [];
  await driver.subscribe('c', (text) => void got.push(text));
  const wait = (ms: number): Promise<void> => bus.time.runUntil(bus.time.now + ms, () => false);
  const send = async (payload: { readonly n: number }, lateMs: number): Promise<void> => {
    bus.lateMs = lateMs;
    bus.publish('c', payload);
    await wait(5);
  };
  return { bus, got, wait, send, cut, restore };
}
