import { beforeEach, describe, expect, it } from '@jest/globals';
import type { OutboxMessage } from '#libs/kernel';
import { ManualClock, settle } from '#libs/platform/testing';
import { Relay } from './index.ts';

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
let relay: Relay;

beforeEach(() => {
  clock = new ManualClock();
  arrived = [];
  failures = [];
  attempts = 0;
  transport = () => Promise.resolve();
  relay = new Relay({
    announce: async ({ payload }) => {
      attempts += 1;
      await transport(attempts);
      arrived.push(JSON.stringify(payload['event_id']).slice(1, -1));
    },
    scheduler: clock,
    report: (failure) => void failures.push(failure),
  });
});

function away(): Promise<void> {
  return Promise.reject(new Error('away'));
}

describe('a relay', () => {
  it('hands messages on in the order of their commits', async () => {
    for (const message of [change('a', 1), change('b', 2), drop('d')]) relay.add(message);
    expect(relay.waiting).toBe(3);
    await settle();
    expect([arrived, relay.waiting]).toEqual([['e-a-1', 'e-b-2', 'e-d'], 0]);
    relay.add(change('c', 3));
    await settle();
    expect(arrived.at(-1)).toBe('e-c-3');
  });

  it('tries again until a message is acknowledged, ever more slowly, and tells of it once', async () => {
    transport = away;
    relay.add(change('a', 1));
    await settle();
    const tries: number[] = [];
    for (const ms of [100, 200, 400, 800, 1_600, 2_000, 2_000]) {
      await clock.advance(ms - 1);
      tries.push(attempts);
      await clock.advance(1);
    }
    expect(tries).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect([failures.length, relay.waiting]).toEqual([1, 1]);
    transport = () => Promise.resolve();
    await clock.advance(2_000);
    expect([arrived, relay.waiting]).toEqual([['e-a-1'], 0]);
    transport = away;
    relay.add(change('b', 2));
    await settle();
    expect(failures).toHaveLength(2);
  });

  it('repeats a message whose acknowledgement was lost', async () => {
    transport = async (attempt) => {
      if (attempt > 1) return;
      arrived.push('unacknowledged');
      await away();
    };
    relay.add(change('a', 1));
    await clock.advance(100);
    expect([arrived, relay.waiting]).toEqual([['unacknowledged', 'e-a-1'], 0]);
  });

  it('keeps of several changes of one thing the newest, and each message that names none', async () => {
    transport = (attempt) => (attempt === 1 ? away() : Promise.resolve());
    for (const message of [change('a', 1), drop('d'), change('b', 2), change('a', 3), drop('e')]) relay.add(message);
    await clock.advance(100);
    expect(arrived).toEqual(['e-a-3', 'e-d', 'e-b-2', 'e-e']);
  });

  it('hands on what was changed while its older change was under way', async () => {
    const gate = Promise.withResolvers<void>();
    transport = (attempt) => (attempt === 1 ? gate.promise : Promise.resolve());
    relay.add(change('a', 1));
    await settle();
    relay.add(change('a', 2));
    gate.resolve();
    await settle();
    expect([arrived, relay.waiting]).toEqual([['e-a-1', 'e-a-2'], 0]);
  });

  it('tells approvals apart by their ids and from flags of the same name', async () => {
    const approval = (id: string, version: number): OutboxMessage => ({
      channel: 'approval_ttl_refresh',
      payload: { approval_id: id, event_id: `e-${id}-${version}` },
    });
    for (const message of [approval('a', 1), approval('b', 2), change('a', 3), approval('a', 4)]) relay.add(message);
    await settle();
    expect(arrived).toEqual(['e-a-4', 'e-b-2', 'e-a-3']);
  });

  it('begins nothing more once it is closed', async () => {
    const gate = Promise.withResolvers<void>();
    transport = () => gate.promise;
    relay.add(change('a', 1));
    relay.add(change('b', 2));
    await settle();
    const closed = relay.close();
    relay.add(change('c', 3));
    gate.resolve();
    await closed;
    expect([arrived, relay.waiting]).toEqual([['e-a-1'], 1]);
  });
});
