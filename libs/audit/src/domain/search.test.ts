import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type AuditEntry, type AuditEvent, type Envelope, PttError } from '#libs/kernel';
import { SequentialIds } from '#libs/platform/testing';
import { CHAIN_AT, chainOf, entriesOf } from '../testing/index.ts';
import { FROM_THE_START, readCursor, writeCursor } from './cursor.ts';
import { type AuditFilter, matches, ndjsonLine, searchPage } from './search.ts';

const ENTRIES: readonly AuditEntry[] = [
  { action: 'override.set', target: { type: 'flag', id: 'ff.a' }, tenantId: 'T-1', outcome: 'accepted' },
  { action: 'override.removed', target: { type: 'flag', id: 'ff.b' }, tenantId: 'T-2', outcome: 'accepted' },
  { action: 'approval.sign_refused', target: { type: 'approval', id: 'ff.a' }, outcome: 'refused', reason: 'self' },
];
const CHAIN = chainOf('/ptt/ff', new SequentialIds(), ENTRIES);

/** As a preview shows it. */
const inNoChain = (event: AuditEvent): Envelope => ({
  event,
  sequence: null,
  prev_hash: null,
  hash: null,
  sink_status: 'deferred',
});

async function* stream<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

const found = (filter: AuditFilter): (number | null)[] =>
  CHAIN.filter((envelope) => matches(filter, envelope)).map(({ sequence }) => sequence);

describe('matches', () => {
  it.each<[AuditFilter, number[]]>([
    [{}, [1, 2, 3]],
    [{ source: '/ptt/ff' }, [1, 2, 3]],
    [{ source: '/ptt/admin' }, []],
    [{ action: 'override.removed' }, [2]],
    [{ targetType: 'flag' }, [1, 2]],
    [{ targetId: 'ff.a' }, [1, 3]],
    [{ targetType: 'flag', targetId: 'ff.a' }, [1]],
    [{ actor: 'operator' }, [1, 2, 3]],
    [{ actor: 'U-9' }, []],
    [{ outcome: 'refused' }, [3]],
    [{ tenantId: 'T-2' }, [2]],
    [{ tenants: ['T-2', 'T-3'] }, [2]],
    [{ tenants: ['T-2', 'T-1'] }, [1, 2]],
    [{ tenants: [] }, []],
    [{ correlationId: 'c-2' }, [3]],
    [{ from: CHAIN_AT + 1_000 }, [2, 3]],
    [{ from: CHAIN_AT + 1_001 }, [3]],
    [{ to: CHAIN_AT + 1_000 }, [1]],
    [{ to: CHAIN_AT + 1_001 }, [1, 2]],
    [{ from: CHAIN_AT + 1_000, to: CHAIN_AT + 2_000 }, [2]],
    [{ action: 'override.set', outcome: 'refused' }, []],
  ])('finds by %j the records %j', (filter, sequences) => {
    expect(found(filter)).toEqual(sequences);
  });

  it('finds nothing by members that a record does not have', () => {
    const bare: Envelope = inNoChain({ id: 'x', source: '/ptt/ff', data: { target: null } });
    expect(matches({}, bare)).toBe(true);
    expect(matches({ targetId: 'ff.a' }, bare)).toBe(false);
    expect(matches({ from: 0 }, bare)).toBe(false);
    expect(matches({ to: CHAIN_AT }, { ...bare, event: { ...bare.event, time: 'yesterday' } })).toBe(false);
    expect(matches({ from: 0 }, { ...bare, event: { ...bare.event, time: ['2026-11-22T00:00:00Z'] } })).toBe(false);
    expect(matches({}, inNoChain({ id: 'x', source: '/ptt/ff' }))).toBe(false);
  });
});

describe('searchPage', () => {
  it('gives a page with the cursor of the next one, and none at the end', async () => {
    const first = await searchPage(stream(CHAIN), {}, { limit: 2, cursor: FROM_THE_START });
    expect(first.items).toEqual(CHAIN.slice(0, 2));
    expect(first.next).toEqual(new Map([['/ptt/ff', 2]]));
    const second = await searchPage(stream(CHAIN), {}, { limit: 2, cursor: first.next ?? FROM_THE_START });
    expect(second).toEqual({ items: CHAIN.slice(2), next: null });
  });

  it('gives no cursor when a page ends with the last record', async () => {
    await expect(searchPage(stream(CHAIN), {}, { limit: 3, cursor: FROM_THE_START })).resolves.toEqual({
      items: CHAIN,
      next: null,
    });
  });

  it('passes over what has no place in a chain', async () => {
    const [first] = CHAIN;
    const preview = inNoChain({ id: 'x', source: '/ptt/ff', data: {} });
    const page = await searchPage(
      stream(first === undefined ? [] : [preview, first]),
      {},
      { limit: 9, cursor: new Map() },
    );
    expect(page.items).toEqual([first]);
  });

  it('gives every match once and in order, page by page, however sources are interleaved', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { maxLength: 25 }),
        fc.integer({ min: 1, max: 7 }),
        fc.constantFrom<AuditFilter>({}, { source: '/ptt/ff' }, { targetId: 'ff.3' }, { from: CHAIN_AT + 3_000 }),
        async (turns, limit, filter) => {
          const ff = [...chainOf('/ptt/ff', new SequentialIds(), entriesOf(25))];
          const admin = [...chainOf('/ptt/admin', new SequentialIds(), entriesOf(25))];
          const all = turns.flatMap((isFf) => (isFf ? ff : admin).shift() ?? []);
          const given: Envelope[] = [];
          let cursor: string | null = writeCursor(FROM_THE_START);
          for (let pages = 0; cursor !== null && pages <= turns.length; pages += 1) {
            const page = await searchPage(stream(all), filter, { limit, cursor: readCursor(cursor) });
            expect(page.items.length).toBeLessThanOrEqual(limit);
            given.push(...page.items);
            cursor = page.next === null ? null : writeCursor(page.next);
          }
          expect(given).toEqual(all.filter((envelope) => matches(filter, envelope)));
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('ndjsonLine', () => {
  it('is one envelope with its line end', () => {
    const envelope = inNoChain({ id: 'x', source: '/ptt/ff' });
    expect(ndjsonLine(envelope)).toBe(
      '{"event":{"id":"x","source":"/ptt/ff"},"sequence":null,"prev_hash":null,"hash":null,"sink_status":"deferred"}\n',
    );
  });
});

describe('readCursor', () => {
  const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

  it('reads back what was written', () => {
    const cursor = new Map([
      ['/ptt/ff', 1],
      ['/ptt/admin', 7_000_000],
    ]);
    expect(readCursor(writeCursor(cursor))).toEqual(cursor);
    expect(writeCursor(cursor)).toMatch(/^[\w-]+$/);
  });

  it.each([
    ['no text at all', ''],
    ['what is no JSON', 'abc'],
    ['a list', encoded([1])],
    ['null', encoded(null)],
    ['a text for a sequence', encoded({ '/ptt/ff': '1' })],
    ['a fraction', encoded({ '/ptt/ff': 1.5 })],
    ['sequence 0', encoded({ '/ptt/ff': 0 })],
  ])('refuses %s', (_, text) => {
    const refused = new PttError('invalid_cursor', {
      pointer: '#/query/cursor',
      detail: 'The cursor is none that a search has answered. Use `next_cursor` as it was given, or leave it out.',
    });
    let thrown: unknown = null;
    try {
      readCursor(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toEqual(refused);
    expect(thrown).toMatchObject({ code: 'invalid_cursor', pointer: '#/query/cursor' });
  });
});
