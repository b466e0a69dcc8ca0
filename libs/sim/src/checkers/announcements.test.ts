import { beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#libs/kernel';
import type { Lived, StoreName } from '../watch/seen.ts';
import { Announcements } from './announcements.ts';

let announcements: Announcements;

beforeEach(() => {
  announcements = new Announcements();
  for (const name of ['ff-1', 'ff-2', 'admin-1']) lived(name, 'up');
});

function lived(name: string, what: Lived['what']): void {
  announcements.lived({ name, what, at: 0 });
}

function committed(store: StoreName, at: number, payloads: readonly JsonObject[], isFound = false): void {
  const channel = store === 'ff' ? 'ptt.ff.invalidate' : 'approval_ttl_refresh';
  const messages = payloads.map((payload) => ({ channel, payload }) as const);
  const line = { line: 1, table: 'flag', at: 0, version: 1, changes: [], records: [], messages };
  announcements.committed({ store, line, at, isFound });
}

const untold = (): string | undefined => announcements.oldestUntold?.id;
const change = (id: string): JsonObject => ({ event_id: id, key: 'k', version: 1 });
const drop = (id: string, scope: JsonObject): JsonObject => ({ event_id: id, namespace: 'flag', scope, epoch: 1 });

describe('what was committed', () => {
  it('waits until it is handed over, or a newer one of the same thing is', () => {
    committed('ff', 1, [change('a')]);
    committed('ff', 2, [change('b'), drop('c', {}), drop('d', { flag: 'f' })]);
    committed('ff', 3, [change('e'), drop('f', {})]);
    expect([untold(), announcements.oldestUntold?.at]).toEqual(['a', 1]);
    expect(announcements.handedOver(change('b'), 4)).toBe(true);
    expect(untold()).toBe('c');
    announcements.handedOver(drop('f', {}), 4);
    expect(untold()).toBe('d');
    announcements.handedOver(drop('d', {}), 4);
    // A repeat of an older one does not tell of a newer.
    announcements.handedOver(change('a'), 4);
    expect(untold()).toBe('e');
  });

  it('of an approval is told each by itself', () => {
    committed('admin', 1, [{ event_id: 'a', target_id: 't' }]);
    committed('admin', 2, [{ event_id: 'b', target_id: 't' }]);
    announcements.handedOver({ event_id: 'b' }, 3);
    expect(untold()).toBe('a');
  });

  it('goes with the process that had to tell of it', () => {
    committed('ff', 1, [change('a'), drop('b', {})]);
    committed('admin', 1, [{ event_id: 'c' }]);
    committed('admin', 1, [{ event_id: 'd' }], true);
    lived('ff-1', 'down');
    expect(untold()).toBe('c');
    lived('admin-1', 'down');
    expect(untold()).toBeUndefined();
  });

  it('is known to be, also where it was found after a crash', () => {
    committed('ff', 1, [change('a')], true);
    expect([change('a'), change('b')].map((message) => announcements.handedOver(message, 2))).toEqual([true, false]);
  });
});

describe('what was handed over', () => {
  const unheard = (): readonly string[] => [...(announcements.oldestUnheard?.by ?? [])];
  const hear = (replica: string): number | undefined => announcements.heard({ replica, message: change('a') });

  beforeEach(() => committed('ff', 1, [change('a')]));

  it('is to be heard by every replica that listens', () => {
    announcements.handedOver(change('a'), 2);
    expect(unheard()).toEqual(['ff-1', 'ff-2']);
    expect([hear('ff-1'), hear('ff-1')]).toEqual([2, undefined]);
    announcements.handedOver(change('a'), 3);
    expect([unheard(), announcements.oldestUnheard?.at]).toEqual([['ff-2'], 2]);
    hear('ff-2');
    expect(unheard()).toEqual([]);
  });

  it.each([
    ['cut', 'restored'],
    ['paused', 'resumed'],
    ['down', 'up'],
  ] as const)('is not waited for by who is %s, until it is %s', (away, back) => {
    announcements.handedOver(change('a'), 2);
    lived('ff-2', away);
    expect(unheard()).toEqual(['ff-1']);
    expect([hear('ff-1'), hear('ff-1')]).toEqual([2, undefined]);
    announcements.handedOver(change('a'), 3);
    expect(unheard()).toEqual(['ff-1']);
    hear('ff-1');
    lived('ff-2', back);
    announcements.handedOver(change('a'), 4);
    expect(unheard()).toEqual(['ff-1', 'ff-2']);
  });
});
