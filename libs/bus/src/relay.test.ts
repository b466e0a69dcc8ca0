import { beforeEach, describe, expect, it } from '@jest/globals';
import type { OutboxMessage } from '#libs/kernel';
import { ManualClock, settle } from '#libs/platform/testing';
import { Outbox, Relay } from './index.ts';

function change(key: string, version: number): OutboxMessage {
  return { channel: 'ptt.ff.invalidate', payload: { key, version, event_id: `e-${key}-${version}` } };
}

const drop = (event: string): OutboxMessage => ({
  channel: 'ptt.ff.invalidate',
  payload: { scope: {}, epoch: 1, event_id: `e-${event}` },
});

let clock: ManualClock;
let arrived: string[];
let failures: unknown[];
/** Before each announcement; throws where the transport is away. */
let transport: (attempt: number) => Promise<void>;
let attempts: number;
let outbox: Outbox;
let relay: Relay;

beforeEach(() => {
  clock = new ManualClock();
  arrived = [];
  failures = [];
  attempts = 0;
  transport = () => Promise.resolve();
  outbox = new Outbox(clock);
  relay = relayOf('r-1', true);
});

function relayOf(replica: string, isMain: boolean): Relay {
  return new Relay(
    {
      outbox,
      announce: async ({ payload }) => {
        attempts += 1;
        await transport(attempts);
        arrived.push(JSON.stringify(payload['event_id']).slice(1, -1));
      },
      scheduler: clock,
      report: (failure) => void failures.push(failure),
    },
    { replica, isMain },
  );
}

function away(): Promise<void> {
  return Promise.reject(new Error('away'));
}

describe('a relay', () => {
  it('hands messages on in the order of their commits', async () => {
    for (const message of [change('a', 1), change('b', 2), drop('d')]) outbox.add([message]);
    expect(outbox.size).toBe(3);
    await settle();
    expect([arrived, outbox.size]).toEqual([['e-a-1', 'e-b-2', 'e-d'], 0]);
    outbox.add([change('c', 3)]);
    await settle();
    expect(arrived.at(-1)).toBe('e-c-3');
  });

  it('tries again until a message is acknowledged, ever more slowly, and tells of it once', async () => {
    transport = away;
    outbox.add([change('a', 1)]);
    await settle();
    const tries: number[] = [];
    for (const ms of [100, 200, 400, 500, 500, 500, 500]) {
      await clock.advance(ms - 1);
      tries.push(attempts);
      await clock.advance(1);
    }
    expect(tries).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect([failures.length, outbox.size]).toEqual([1, 1]);
    transport = () => Promise.resolve();
    await clock.advance(500);
    expect([arrived, outbox.size]).toEqual([['e-a-1'], 0]);
    transport = away;
    outbox.add([change('b', 2)]);
    await settle();
    expect(failures).toHaveLength(2);
  });

  it('repeats a message whose acknowledgement was lost', async () => {
    transport = async (attempt) => {
      if (attempt > 1) return;
      arrived.push('unacknowledged');
      await away();
    };
    outbox.add([change('a', 1)]);
    await clock.advance(100);
    expect([arrived, outbox.size]).toEqual([['unacknowledged', 'e-a-1'], 0]);
  });

  it('keeps of several changes of one entry the newest, and of several drops of one scope', async () => {
    transport = (attempt) => (attempt === 1 ? away() : Promise.resolve());
    for (const message of [change('a', 1), drop('d'), change('b', 2), change('a', 3), drop('e')]) outbox.add([message]);
    await clock.advance(100);
    expect(arrived).toEqual(['e-a-3', 'e-e', 'e-b-2']);
  });

  it('hands on what was changed while its older change was under way', async () => {
    const gate = Promise.withResolvers<void>();
    transport = (attempt) => (attempt === 1 ? gate.promise : Promise.resolve());
    outbox.add([change('a', 1)]);
    await settle();
    outbox.add([change('a', 2)]);
    gate.resolve();
    await settle();
    expect([arrived, outbox.size]).toEqual([['e-a-1', 'e-a-2'], 0]);
  });

  it('hands on every transition of an approval, however often it changes', async () => {
    const approval = (id: string, version: number): OutboxMessage => ({
      channel: 'approval_ttl_refresh',
      payload: { approval_id: id, event_id: `e-${id}-${version}` },
    });
    for (const message of [approval('a', 1), approval('b', 2), change('a', 3), approval('a', 4)]) outbox.add([message]);
    await settle();
    expect(arrived).toEqual(['e-a-1', 'e-b-2', 'e-a-3', 'e-a-4']);
  });

  it('begins nothing more once it is closed', async () => {
    const gate = Promise.withResolvers<void>();
    transport = () => gate.promise;
    outbox.add([change('a', 1)]);
    outbox.add([change('b', 2)]);
    await settle();
    const closed = relay.close();
    outbox.add([change('c', 3)]);
    gate.resolve();
    await closed;
    expect([arrived, outbox.size]).toEqual([['e-a-1'], 2]);
    expect(clock.waiting).toBe(0);
    await clock.advance(5_000);
    expect(arrived).toEqual(['e-a-1']);
  });

  it('asks again where no acknowledgement comes within a second', async () => {
    transport = (attempt) => (attempt === 1 ? new Promise(() => undefined) : Promise.resolve());
    outbox.add([change('a', 1)]);
    await clock.advance(1_000);
    expect(failures.map(String)).toEqual(['BusUnreachable: ptt.ff.invalidate: no acknowledgement within 1000 ms']);
    expect(outbox.size).toBe(1);
    await clock.advance(100);
    expect([arrived, outbox.size]).toEqual([['e-a-1'], 0]);
  });
});

describe('relays of several replicas of one store', () => {
  it('hand on at once what their own replica wrote, and the main one what nobody’s did', async () => {
    const other = relayOf('r-2', false);
    const [own, theirs, nobodys] = [change('a', 1), change('b', 2), change('c', 3)];
    outbox.claim([own], 'r-1');
    outbox.claim([theirs], 'r-2');
    await relay.close();
    outbox.add([own, theirs, nobodys]);
    await settle();
    expect([arrived, outbox.size]).toEqual([['e-b-2'], 2]);
    await other.close();
  });

  it('take over what has waited for a second, whosever it was', async () => {
    const gone = change('a', 1);
    outbox.claim([gone], 'r-gone');
    await clock.advance(500);
    outbox.add([gone]);
    await clock.advance(999);
    expect([arrived, Math.round(outbox.oldestMs)]).toEqual([[], 999]);
    await clock.advance(501);
    expect([arrived, outbox.size, outbox.oldestMs]).toEqual([['e-a-1'], 0, 0]);
  });

  it('take it over as soon as the second is full', async () => {
    const gone = change('a', 1);
    outbox.claim([gone], 'r-gone');
    outbox.add([gone]);
    await clock.advance(1_000);
    expect(arrived).toEqual(['e-a-1']);
  });

  it('do not begin the time of a thing anew where it changes all the while', async () => {
    for (const version of [1, 2, 3]) {
      const message = change('a', version);
      outbox.claim([message], 'r-gone');
      outbox.add([message]);
      await clock.advance(400);
    }
    await clock.advance(800);
    expect(arrived).toEqual(['e-a-3']);
  });
});
