import { describe, expect, it } from '@jest/globals';
import { SequentialIds } from '#libs/platform/testing';
import { chainOf, entriesOf } from '../testing/index.ts';
import { ADMIN, at, FF, ff, rehashed, stream, verify } from '../testing/verifying.ts';
import type { ChainedEnvelope } from './envelope.ts';
import { exitCodeOf } from './verification.ts';
import { verifyChain } from './verify.ts';

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
    ['a hash in a list', (envelope) => ({ ...envelope, prev_hash: [envelope.prev_hash] })],
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
});
