import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { canonicalJson, type Envelope, type JsonValue, PttError } from '#libs/kernel';
import { SequentialIds } from '#libs/platform/testing';
import { chainOf, entriesOf } from '../testing/index.ts';
import { type ChainedEnvelope, GENESIS, hashOf, isChainedEnvelope } from './envelope.ts';
import { recordsOf } from './records-of.ts';
import { exitCodeOf, type ExpectedChain, type Verification } from './verification.ts';
import { type ReadRecord, verifyChain } from './verify.ts';

const FF = '/ptt/ff';
const ADMIN = '/ptt/admin';

const ff = (count: number): ChainedEnvelope[] => [...chainOf(FF, new SequentialIds(), entriesOf(count))];

async function* stream(records: readonly ReadRecord[], error?: Error): AsyncGenerator<ReadRecord> {
  yield* records;
  if (error !== undefined) throw error;
}

function verify(envelopes: readonly unknown[], expected?: readonly ExpectedChain[]): Promise<Verification> {
  return verifyChain(stream(envelopes.map((envelope) => ({ source: FF, envelope }))), expected);
}

/** The chain with other content, and hashes that hold. */
function rehashed(envelope: ChainedEnvelope, change: Partial<ChainedEnvelope>): ChainedEnvelope {
  const changed = { ...envelope, ...change };
  return { ...changed, hash: hashOf(changed.event, changed.sequence, changed.prev_hash) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new RangeError(`nothing at ${index}`);
  return item;
}

describe('verifyChain', () => {
  it('finds sound chains sound, interleaved or not, and tells each one’s end', async () => {
    const mine = ff(3);
    const other = chainOf(ADMIN, new SequentialIds(), entriesOf(2));
    const records = [mine[0], other[0], mine[1], mine[2], other[1]].flatMap((envelope) =>
      envelope === undefined ? [] : [{ source: envelope.event.source, envelope }],
    );
    const found = await verifyChain(stream(records), [{ source: FF }, { source: ADMIN, head: at(other, 1) }]);
    expect(found).toEqual({
      kind: 'sound',
      sources: [
        { source: FF, firstSequence: 1, lastSequence: 3, lastHash: at(mine, 2).hash, count: 3 },
        { source: ADMIN, firstSequence: 1, lastSequence: 2, lastHash: at(other, 1).hash, count: 2 },
      ],
    });
    expect(exitCodeOf(found)).toBe(0);
  });

  it('walks the records of journal lines', async () => {
    const mine = ff(3);
    async function* lines(): AsyncGenerator<{ records: readonly Envelope[] }> {
      yield { records: mine.slice(0, 2) };
      yield { records: [] };
      yield { records: mine.slice(2) };
    }
    await expect(verifyChain(recordsOf(lines()))).resolves.toMatchObject({ kind: 'sound', sources: [{ count: 3 }] });
  });

  it('finds nothing wrong with no records, unless some were expected', async () => {
    await expect(verify([])).resolves.toEqual({ kind: 'sound', sources: [] });
    await expect(verify([], [{ source: ADMIN }])).resolves.toEqual({
      kind: 'gap',
      source: ADMIN,
      missing: 1,
      next: null,
      detail: 'the chain ends before it',
    });
  });

  it('names a record that was changed', async () => {
    const chain = ff(4);
    chain[2] = { ...at(chain, 2), event: { ...at(chain, 2).event, subject: 'flag/other' } };
    const found = await verify(chain);
    expect(found).toEqual({
      kind: 'altered',
      what: 'hash_mismatch',
      source: FF,
      sequence: 3,
      detail: 'its hash is not the hash of what it holds',
    });
    expect(exitCodeOf(found)).toBe(1);
  });

  it('names the successor of a record that was changed and hashed anew', async () => {
    const chain = ff(4);
    chain[1] = rehashed(at(chain, 1), { event: { ...at(chain, 1).event, subject: 'flag/other' } });
    await expect(verify(chain)).resolves.toEqual({
      kind: 'altered',
      what: 'prev_hash_mismatch',
      source: FF,
      sequence: 3,
      detail: 'it does not follow the record before it',
    });
  });

  it('names a first record that does not begin the chain', async () => {
    const beheaded = chainOf(FF, new SequentialIds(), entriesOf(2), { sequence: 0, hash: 'a'.repeat(64) });
    await expect(verify(beheaded)).resolves.toEqual({
      kind: 'altered',
      what: 'wrong_first_prev_hash',
      source: FF,
      sequence: 1,
      detail: 'it is the first, but follows a record that is not there',
    });
  });

  it('names a gap, with what is missing and what comes next', async () => {
    const chain = ff(6);
    const found = await verify(chain.toSpliced(2, 2));
    expect(found).toEqual({
      kind: 'gap',
      source: FF,
      missing: 3,
      next: 5,
      detail: 'record 5 is there, records before it are not',
    });
    expect(exitCodeOf(found)).toBe(2);
    await expect(verify(chain.slice(1))).resolves.toMatchObject({ kind: 'gap', missing: 1, next: 2 });
  });

  it('tells records that were moved from records that are gone', async () => {
    const chain = ff(5);
    const swapped = [at(chain, 0), at(chain, 2), at(chain, 1), at(chain, 3), at(chain, 4)];
    await expect(verify(swapped)).resolves.toEqual({
      kind: 'altered',
      what: 'reordered',
      source: FF,
      sequence: 2,
      detail: 'record 3 stands before it',
    });
  });

  it('looks for a missing record in its own chain only', async () => {
    const chain = ff(4);
    const other = chainOf(ADMIN, new SequentialIds(), entriesOf(3));
    const records = [...chain.toSpliced(1, 1), { ...at(chain, 1), sequence: null }, ...other];
    const found = verifyChain(stream(records.map((envelope) => ({ source: envelope.event.source, envelope }))));
    await expect(found).resolves.toMatchObject({ kind: 'gap', source: FF, missing: 2, next: 3 });
  });

  it('finds a moved record behind whatever else stands in between', async () => {
    const chain = ff(3);
    const found = verify([at(chain, 0), at(chain, 2), null, { ...at(chain, 1), event: null }, at(chain, 1)]);
    await expect(found).resolves.toMatchObject({ kind: 'altered', what: 'reordered', sequence: 2 });
  });

  it('names a record that is there twice', async () => {
    const chain = ff(3);
    await expect(verify([...chain, at(chain, 1)])).resolves.toEqual({
      kind: 'altered',
      what: 'repeated_sequence',
      source: FF,
      sequence: 2,
      detail: 'a record of that sequence was there before',
    });
    await expect(verify([...chain, at(chain, 2)])).resolves.toMatchObject({ what: 'repeated_sequence', sequence: 3 });
  });

  it('names a record that is of another chain', async () => {
    const other = chainOf(ADMIN, new SequentialIds(), entriesOf(1));
    await expect(verify(other)).resolves.toEqual({
      kind: 'altered',
      what: 'foreign_source',
      source: FF,
      sequence: 1,
      detail: 'the record says that it is of /ptt/admin',
    });
  });

  it.each<[string, (envelope: ChainedEnvelope) => unknown]>([
    ['nothing', () => null],
    ['a list', (envelope) => [envelope]],
    ['a record that was never chained', (envelope) => ({ ...envelope, sequence: null, prev_hash: null, hash: null })],
    ['a further member', (envelope) => ({ ...envelope, note: 'x' })],
    ['no sink_status', ({ event, sequence, prev_hash, hash }) => ({ event, sequence, prev_hash, hash })],
    ['an unknown sink_status', (envelope) => ({ ...envelope, sink_status: 'lost' })],
    ['an event that is none', (envelope) => ({ ...envelope, event: null })],
    ['an event with no id', (envelope) => ({ ...envelope, event: { source: FF } })],
    ['an event with no source', (envelope) => ({ ...envelope, event: { id: 'x' } })],
    ['a fraction as sequence', (envelope) => ({ ...envelope, sequence: 2.5 })],
    ['text as sequence', (envelope) => ({ ...envelope, sequence: '2' })],
    ['sequence 0', (envelope) => ({ ...envelope, sequence: 0 })],
    ['a short hash', (envelope) => ({ ...envelope, hash: envelope.hash.slice(1) })],
    ['a long hash', (envelope) => ({ ...envelope, hash: `${envelope.hash}0` })],
    ['a hash with something before it', (envelope) => ({ ...envelope, hash: `0${envelope.hash}` })],
    ['a hash in upper case', (envelope) => ({ ...envelope, prev_hash: 'A'.repeat(64) })],
    ['a hash that is a number', (envelope) => ({ ...envelope, prev_hash: 7 })],
  ])('names %s where a record must be', async (_, change) => {
    const chain = ff(3);
    await expect(verify([at(chain, 0), change(at(chain, 1)), at(chain, 2)])).resolves.toEqual({
      kind: 'altered',
      what: 'malformed',
      source: FF,
      sequence: null,
      detail: 'what follows record 1 of /ptt/ff is no chained envelope',
    });
  });

  it.each(['deferred', 'pending', 'shipped', 'archived', 'parked'] as const)(
    'lets a record move to the sink status %s, which is no part of what is hashed',
    async (sink_status) => {
      const [first, second] = ff(2);
      await expect(
        verify([
          { ...first, sink_status },
          { ...second, sink_status },
        ]),
      ).resolves.toMatchObject({ kind: 'sound' });
    },
  );

  it('finds what has no canonical form altered, and goes on living', async () => {
    const chain = ff(1);
    const broken = { ...at(chain, 0), event: { ...at(chain, 0).event, subject: '\ud800' } };
    await expect(verify([broken])).resolves.toMatchObject({ kind: 'altered', what: 'hash_mismatch', sequence: 1 });
  });

  it('finds a chain cut at its end too short only where its head is expected', async () => {
    const chain = ff(5);
    const head = at(chain, 4);
    await expect(verify(chain.slice(0, 3))).resolves.toMatchObject({ kind: 'sound' });
    await expect(verify(chain.slice(0, 3), [{ source: FF, head }])).resolves.toEqual({
      kind: 'gap',
      source: FF,
      missing: 4,
      next: null,
      detail: 'the chain ends before it',
    });
    await expect(verify(chain, [{ source: FF, head }])).resolves.toMatchObject({ kind: 'sound' });
  });

  it('lets a chain grow beyond the expected head', async () => {
    const chain = ff(5);
    await expect(verify(chain, [{ source: FF, head: at(chain, 2) }])).resolves.toMatchObject({ kind: 'sound' });
    await expect(verify([], [{ source: FF, head: GENESIS }])).resolves.toMatchObject({ kind: 'sound' });
  });

  it('finds a chain that was made anew not to be the expected one', async () => {
    const chain = ff(3);
    const anew = chainOf(FF, new SequentialIds(), entriesOf(4).slice(1));
    const expected = [
      { source: ADMIN, head: at(anew, 1) },
      { source: FF, head: at(chain, 1) },
    ];
    await expect(verify(anew, expected)).resolves.toEqual({
      kind: 'altered',
      what: 'head_mismatch',
      source: FF,
      sequence: 2,
      detail: 'the chain is whole, but its hash is not the expected one',
    });
  });

  it('says that it could not check when the records cannot be read', async () => {
    const cause = new Error('EIO');
    const records = ff(2).map((envelope) => ({ source: FF, envelope }));
    const found = await verifyChain(stream(records, cause));
    expect(found).toEqual({ kind: 'unchecked', detail: 'the records could not be read to their end', cause });
    expect(exitCodeOf(found)).toBe(3);
    const closed = await verifyChain(stream(records, new PttError('store_unavailable', { detail: 'gone' })));
    expect(exitCodeOf(closed)).toBe(3);
  });

  it('says altered when the journal itself does not hold what was written', async () => {
    const cause = new PttError('journal_damaged', { detail: 'journal.log: the frame at 120 has another checksum' });
    const found = await verifyChain(stream([], cause));
    expect(found).toEqual({
      kind: 'altered',
      what: 'journal_damaged',
      source: null,
      sequence: null,
      detail: cause.message,
    });
  });

  it('keeps to the first thing it found when reading on fails', async () => {
    const [first, , third] = ff(3).map((envelope) => ({ source: FF, envelope }));
    const records = [first, third].flatMap((record) => record ?? []);
    await expect(verifyChain(stream(records, new Error('EIO')))).resolves.toMatchObject({ kind: 'gap', missing: 2 });
  });

  it('reads no further than the first bad record', async () => {
    const [first, second] = ff(2);
    let read = 0;
    async function* counted(): AsyncGenerator<ReadRecord> {
      for (const envelope of [first, first, second, second]) {
        read += 1;
        yield { source: FF, envelope };
      }
    }
    await expect(verifyChain(counted())).resolves.toMatchObject({ what: 'repeated_sequence' });
    expect(read).toBe(2);
  });
});

describe('any single change of a chain', () => {
  const length = fc.integer({ min: 2, max: 8 });
  const whole = { numRuns: 60 };
  const contentOf = (value: unknown): string => {
    if (!isChainedEnvelope(value)) return 'none';
    const { event, sequence, prev_hash, hash } = value;
    return canonicalJson({ event, sequence, prev_hash, hash });
  };

  it('is seen when one bit of a record’s text is another', async () => {
    const property = fc.asyncProperty(length, fc.nat(), fc.nat(), async (count, which, bit) => {
      const chain: unknown[] = ff(count);
      const index = which % count;
      const bytes = Buffer.from(JSON.stringify(chain[index]), 'utf8');
      const flipped = (bit >>> 3) % bytes.length;
      bytes[flipped] = (bytes[flipped] ?? 0) ^ (1 << (bit & 7));
      chain[index] = parsed(bytes.toString('utf8'));
      const found = await verify(chain);
      // Some bits change the text and not what it says: 1e21 and 1E21 are the same number.
      const saysTheSame = contentOf(chain[index]) === contentOf(at(ff(count), index));
      expect(found.kind).toBe(saysTheSame ? 'sound' : 'altered');
    });
    await fc.assert(property, { numRuns: 400 });
  });

  it('is seen when a record in front or in the middle is taken out', async () => {
    const property = fc.asyncProperty(length, fc.nat(), fc.integer({ min: 1, max: 4 }), async (count, which, some) => {
      const first = which % (count - 1);
      const gone = Math.min(some, count - 1 - first);
      await expect(verify(ff(count).toSpliced(first, gone))).resolves.toMatchObject({
        kind: 'gap',
        missing: first + 1,
        next: first + gone + 1,
      });
    });
    await fc.assert(property, whole);
  });

  it('is seen when two records change places', async () => {
    const property = fc.asyncProperty(length, fc.nat(), fc.nat(), async (count, one, other) => {
      const [i, k] = [one % count, other % count].toSorted((a, b) => a - b);
      if (i === undefined || k === undefined || i === k) return;
      const chain = ff(count);
      [chain[i], chain[k]] = [at(chain, k), at(chain, i)];
      await expect(verify(chain)).resolves.toMatchObject({ kind: 'altered', what: 'reordered', sequence: i + 1 });
    });
    await fc.assert(property, whole);
  });

  it('is seen when a record is put in, be it a copy or one that fits where it is put', async () => {
    const property = fc.asyncProperty(length, fc.nat(), fc.nat(), fc.boolean(), async (count, from, to, fits) => {
      const chain = ff(count);
      const place = to % count;
      const copy = at(chain, from % count);
      const before = place === 0 ? GENESIS : at(chain, place - 1);
      const forged = fits ? rehashed(copy, { sequence: before.sequence + 1, prev_hash: before.hash }) : copy;
      const found = await verify(chain.toSpliced(place, 0, forged));
      expect(found.kind).toBe('altered');
    });
    await fc.assert(property, whole);
  });

  it('is seen at the very end when the head is known', async () => {
    const property = fc.asyncProperty(length, fc.nat(), async (count, cut) => {
      const chain = ff(count);
      const head = at(chain, count - 1);
      const left = cut % count;
      await expect(verify(chain.slice(0, left), [{ source: FF, head }])).resolves.toMatchObject({
        kind: 'gap',
        missing: left + 1,
        next: null,
      });
    });
    await fc.assert(property, whole);
  });

  it('is none: a chain as it was written is sound', async () => {
    const anyText = fc.string({ unit: 'grapheme', maxLength: 20 });
    const stateKey = anyText.filter((key) => key !== 'context');
    const { json } = fc.letrec<{ json: JsonValue; leaf: JsonValue }>((tie) => ({
      leaf: fc.oneof(fc.constant(null), fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true }), anyText),
      json: fc.oneof({ maxDepth: 3 }, tie('leaf'), fc.array(tie('json')), fc.dictionary(stateKey, tie('json'))),
    }));
    const entry = fc.record({ id: anyText, after: json, reason: anyText });
    const property = fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 8 }), async (entries) => {
      const chain = chainOf(
        FF,
        new SequentialIds(),
        entries.map(({ id, after, reason }) => ({
          action: 'override.set',
          target: { type: 'flag', id },
          after,
          outcome: 'accepted',
          reason,
        })),
      );
      const read = parsed(JSON.stringify(chain));
      await expect(verify(Array.isArray(read) ? read : [])).resolves.toMatchObject({
        kind: 'sound',
        sources: [{ count: entries.length }],
      });
    });
    await fc.assert(property, whole);
  });
});
