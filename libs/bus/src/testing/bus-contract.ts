import { beforeEach, describe, expect, it } from '@jest/globals';
import { type BusDriver, BusUnreachable, type Subscription } from '../index.ts';

/** One replica's end of a bus, whose connection can be lost. */
export interface BusEnd {
  readonly driver: BusDriver;
  /** The connection is lost. */
  readonly cut: () => void;
  /** It is there again. */
  readonly restore: () => void;
}

/** A bus with as many ends as are asked for. */
export interface BusUnderTest {
  end(): BusEnd;
  /** Lets everything that is under way come to its end, the noticing of what was lost included. */
  settle(): Promise<void>;
}

/** What every adapter and every model of a bus must do alike. */
export function busContract(name: string, make: () => BusUnderTest): void {
  describe(`a bus: ${name}`, () => {
    let bus: BusUnderTest;
    let publisher: BusEnd;

    beforeEach(() => {
      bus = make();
      publisher = bus.end();
    });

    async function settled<T>(promise: Promise<T>): Promise<T> {
      const [outcome] = await Promise.all([promise, bus.settle()]);
      return outcome;
    }

    const publish = (n: number, end = publisher): Promise<void> => settled(end.driver.publish('c', { n }));

    async function listen(end: BusEnd, channel = 'c') {
      const got: string[] = [];
      const subscription = await settled(end.driver.subscribe(channel, (text) => void got.push(text)));
      return { got, subscription };
    }

    function toldOf(subscription: Subscription): readonly string[] {
      const told: string[] = [];
      subscription.onBreak(() => void told.push('break'));
      subscription.onBreak(() => void told.push('break, to another'));
      subscription.onRestored(() => void told.push('restored'));
      return told;
    }

    it('brings a message as text to every subscriber of its channel, the publisher included', async () => {
      const own = await listen(publisher);
      const other = await listen(bus.end());
      const elsewhere = await listen(bus.end(), 'd');
      await settled(publisher.driver.publish('c', { n: 1, deep: { list: [null, 'ä'] } }));
      expect([own.got, other.got, elsewhere.got]).toEqual([
        ['{"n":1,"deep":{"list":[null,"ä"]}}'],
        ['{"n":1,"deep":{"list":[null,"ä"]}}'],
        [],
      ]);
    });

    it('brings nothing from before the subscription, and nothing once it is closed', async () => {
      await publish(0);
      const { got, subscription } = await listen(bus.end());
      await publish(1);
      await subscription.close();
      await publish(2);
      expect(got).toEqual(['{"n":1}']);
    });

    it('brings what one end publishes in its order', async () => {
      const { got } = await listen(bus.end());
      for (let n = 0; n < 20; n += 1) await publish(n);
      expect(got.map((text) => Number(/\d+/.exec(text)?.[0]))).toEqual(Array.from({ length: 20 }, (_, n) => n));
    });

    it('brings an end that lost its connection nothing until it is there again, and all others everything', async () => {
      const end = bus.end();
      const { got } = await listen(end);
      const whole = await listen(bus.end());
      end.cut();
      await bus.settle();
      expect([end.driver.isConnected, publisher.driver.isConnected]).toEqual([false, true]);
      await publish(1);
      end.restore();
      await bus.settle();
      expect(end.driver.isConnected).toBe(true);
      await publish(2);
      expect(got).toEqual(['{"n":2}']);
      expect(whole.got).toEqual(['{"n":1}', '{"n":2}']);
    });

    it('tells a subscription of a break, and of its end once messages come again', async () => {
      const end = bus.end();
      const { got, subscription } = await listen(end);
      const told = toldOf(subscription);
      end.cut();
      await bus.settle();
      expect(told).toEqual(['break', 'break, to another']);
      subscription.onRestored(() => void publisher.driver.publish('c', { after: 'restored' }));
      end.restore();
      await bus.settle();
      expect([told, got]).toEqual([['break', 'break, to another', 'restored'], ['{"after":"restored"}']]);
    });

    it('tells a subscription that is closed nothing', async () => {
      const end = bus.end();
      const { subscription } = await listen(end);
      const told = toldOf(subscription);
      await subscription.close();
      end.cut();
      await bus.settle();
      end.restore();
      await bus.settle();
      expect(told).toEqual([]);
    });

    it('takes nothing from an end without its connection, and says so', async () => {
      const end = bus.end();
      end.cut();
      await bus.settle();
      const lost = { name: 'BusUnreachable', channel: 'c', message: expect.stringMatching(/^c: /) };
      await expect(publish(1, end)).rejects.toMatchObject(lost);
      await expect(listen(end)).rejects.toBeInstanceOf(BusUnreachable);
      end.restore();
      await bus.settle();
      await expect(publish(2, end)).resolves.toBeUndefined();
    });

    it('is over for an end that is closed, and for no other', async () => {
      const end = bus.end();
      const { got } = await listen(end);
      const other = await listen(bus.end());
      await end.driver.close();
      await publish(1);
      await expect(publish(2, end)).rejects.toBeInstanceOf(BusUnreachable);
      expect([got, other.got]).toEqual([[], ['{"n":1}']]);
    });
  });
}
