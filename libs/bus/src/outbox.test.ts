import { describe, expect, it } from '@jest/globals';
import type { OutboxMessage } from '#libs/kernel';
import { ManualClock } from '#libs/platform/testing';
import { Outbox, type OutboxRow } from './index.ts';

const change = (key: string, version: number): OutboxMessage => ({
  channel: 'ptt.ff.invalidate',
  payload: { key, version },
});

describe('an outbox', () => {
  it('tells of each row as it comes, until nobody wants to hear of it', () => {
    const outbox = new Outbox(new ManualClock());
    const told: OutboxRow[] = [];
    const end = outbox.onAdded((row) => told.push(row));
    outbox.add([change('a', 1), change('b', 2)]);
    end();
    outbox.add([change('c', 3)]);
    expect(told.map(({ message }) => message.payload['key'])).toEqual(['a', 'b']);
  });

  it('keeps a newer message where an older one of the same thing is done', () => {
    const outbox = new Outbox(new ManualClock());
    outbox.add([change('a', 1)]);
    const older = outbox.oldest(() => true);
    outbox.add([change('a', 2)]);
    if (older !== undefined) outbox.done(older);
    const newer = outbox.oldest(() => true);
    expect([outbox.size, newer?.message.payload['version']]).toEqual([1, 2]);
    if (newer !== undefined) outbox.done(newer);
    expect([outbox.size, outbox.oldestMs]).toEqual([0, 0]);
  });

  it('takes no offence where a second replica has handed the same message over as well', () => {
    const outbox = new Outbox(new ManualClock());
    outbox.add([change('a', 1), change('b', 1)]);
    const row = outbox.oldest(() => true);
    for (const handedOver of [row, row]) if (handedOver !== undefined) outbox.done(handedOver);
    expect([outbox.size, outbox.oldest(() => true)?.message.payload['key']]).toEqual([1, 'b']);
  });

  it('counts a newer message’s wait from when the older one was done', async () => {
    const clock = new ManualClock();
    const outbox = new Outbox(clock);
    outbox.add([change('a', 1)]);
    const older = outbox.oldest(() => true);
    await clock.advance(5_000);
    outbox.add([change('a', 2)]);
    // As long as nothing of it was handed over, it waits.
    expect(outbox.oldestMs).toBe(5_000);
    if (older !== undefined) outbox.done(older);
    expect([outbox.size, outbox.oldestMs]).toEqual([1, 0]);
    await clock.advance(1_000);
    expect(outbox.oldestMs).toBe(1_000);
    const newer = outbox.oldest(() => true);
    if (newer !== undefined) outbox.done(newer);
    expect(outbox.size).toBe(0);
  });

  it('puts a newer message behind what has waited longer, once the older one was done, and only once', async () => {
    const clock = new ManualClock();
    const outbox = new Outbox(clock);
    outbox.add([change('a', 1), change('b', 1)]);
    const older = outbox.oldest(() => true);
    await clock.advance(2_000);
    outbox.add([change('a', 2)]);
    if (older !== undefined) outbox.done(older);
    const next = outbox.oldest(() => true);
    expect([next?.message.payload['key'], outbox.oldestMs]).toEqual(['b', 2_000]);
    if (next !== undefined) outbox.done(next);
    await clock.advance(500);
    // Two replicas may have handed it over.
    if (older !== undefined) outbox.done(older);
    expect(outbox.oldestMs).toBe(500);
  });
});
