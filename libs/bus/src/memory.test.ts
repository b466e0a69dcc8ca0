import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { MemoryBusDriver, MemoryBusHub } from './index.ts';
import { type BusEnd, busContract } from './testing/index.ts';

/** A hub whose deliveries run when the test says so. */
function held() {
  const tasks: (() => void)[] = [];
  const hub = new MemoryBusHub((task) => tasks.push(task));
  const deliverAll = (): void => {
    for (const task of tasks.splice(0)) task();
  };
  return { hub, tasks, deliverAll };
}

async function listening(hub: MemoryBusHub, channel = 'c') {
  const driver = new MemoryBusDriver(hub);
  const got: string[] = [];
  const subscription = await driver.subscribe(channel, (text) => got.push(text));
  return { driver, got, subscription };
}

busContract('memory', () => {
  const { hub, deliverAll } = held();
  const end = (): BusEnd => {
    const driver = new MemoryBusDriver(hub);
    return { driver, cut: () => driver.disconnect(), restore: () => driver.reconnect() };
  };
  return { end, settle: async () => deliverAll() };
});

describe('MemoryBusDriver', () => {
  it('brings a message only after publish returned', async () => {
    const { driver, got } = await listening(new MemoryBusHub());
    const published = driver.publish('c', { n: 1 });
    expect(got).toEqual([]);
    await published;
    expect(got).toEqual(['{"n":1}']);
  });

  it('brings nothing that was published before the subscription, or after it was closed', async () => {
    const { hub, deliverAll } = held();
    const publisher = new MemoryBusDriver(hub);
    await publisher.publish('c', { n: 0 });
    const { got, subscription } = await listening(hub);
    await publisher.publish('c', { n: 1 });
    deliverAll();
    await publisher.publish('c', { n: 2 });
    await subscription.close();
    await publisher.publish('c', { n: 3 });
    deliverAll();
    expect(got).toEqual(['{"n":1}']);
  });

  it('loses what is on its way to a replica that loses its connection, and what comes before it is back', async () => {
    const { hub, deliverAll } = held();
    const cut = await listening(hub);
    const whole = await listening(hub);
    const publisher = new MemoryBusDriver(hub);
    await publisher.publish('c', { n: 1 });
    deliverAll();
    await publisher.publish('c', { n: 2 });
    cut.driver.disconnect();
    expect([cut.driver.isConnected, whole.driver.isConnected]).toEqual([false, true]);
    await publisher.publish('c', { n: 3 });
    cut.driver.reconnect();
    await publisher.publish('c', { n: 4 });
    deliverAll();
    expect(cut.got).toEqual(['{"n":1}', '{"n":4}']);
    expect(whole.got).toEqual(['{"n":1}', '{"n":2}', '{"n":3}', '{"n":4}']);
  });

  it('does not let a delivery begun before a break bring a message of after it', async () => {
    const { hub, tasks } = held();
    const { driver, got } = await listening(hub);
    const publisher = new MemoryBusDriver(hub);
    await publisher.publish('c', { n: 1 });
    driver.disconnect();
    driver.reconnect();
    await publisher.publish('c', { n: 2 });
    tasks[0]?.();
    expect(got).toEqual([]);
    tasks[1]?.();
    expect(got).toEqual(['{"n":2}']);
  });

  it('says why it does not take a message', async () => {
    const { driver } = await listening(new MemoryBusHub());
    driver.disconnect();
    await expect(driver.publish('c', {})).rejects.toThrow("c: this replica's bus is disconnected");
    driver.reconnect();
    await driver.close();
    await expect(driver.publish('c', {})).rejects.toThrow("c: this replica's bus is closed");
  });

  it('brings nothing to a closed driver', async () => {
    const { hub, deliverAll } = held();
    const { driver, got } = await listening(hub);
    const publisher = new MemoryBusDriver(hub);
    await publisher.publish('c', { n: 1 });
    await driver.close();
    await publisher.publish('c', { n: 2 });
    deliverAll();
    expect(got).toEqual([]);
  });

  it('takes a break and its end only in turn', () => {
    const driver = new MemoryBusDriver(new MemoryBusHub());
    expect(() => driver.reconnect()).toThrow('only a disconnected driver reconnects');
    driver.disconnect();
    expect(() => driver.disconnect()).toThrow('only a connected driver loses its connection');
  });

  it('keeps the order per subscriber, however deliveries are scheduled', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(fc.nat({ max: 2 }), { maxLength: 30 }), async (scheduler, from) => {
        const hub = new MemoryBusHub((task) => void scheduler.schedule(Promise.resolve()).then(task));
        const publishers = [0, 1, 2].map(() => new MemoryBusDriver(hub));
        const replicas = [await listening(hub), await listening(hub)];
        for (const [n, index] of from.entries()) await publishers[index]?.publish('c', { n });
        await scheduler.waitIdle();
        const inOrder = from.map((_, n) => `{"n":${n}}`);
        expect(replicas.map(({ got }) => got)).toEqual([inOrder, inOrder]);
      }),
    );
  });

  it('brings in order what it brings, however often connections break', async () => {
    const step = fc.constantFrom('publish', 'deliver_one', 'break', 'restore');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(step, fc.nat()), { maxLength: 60 }), async (steps) => {
        const { hub, tasks, deliverAll } = held();
        const { driver, got } = await listening(hub);
        const publisher = new MemoryBusDriver(hub);
        let isConnected = true;
        let published = 0;
        for (const [what, which] of steps) {
          if (what === 'publish') await publisher.publish('c', { n: (published += 1) });
          else if (what === 'deliver_one') for (const task of tasks.splice(which % (tasks.length || 1), 1)) task();
          else if (what === 'break' && isConnected) driver.disconnect();
          else if (what === 'restore' && !isConnected) driver.reconnect();
          if (what === 'break') isConnected = false;
          if (what === 'restore') isConnected = true;
        }
        deliverAll();
        const numbers = got.map((text) => Number(/\d+/.exec(text)?.[0]));
        expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
      }),
    );
  });
});
