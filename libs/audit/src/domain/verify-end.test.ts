import { describe, expect, it } from '@jest/globals';
import { PttError } from '#libs/kernel';
import { SequentialIds } from '#libs/platform/testing';
import { chainOf, entriesOf } from '../testing/index.ts';
import { ADMIN, at, FF, ff, stream, verify } from '../testing/verifying.ts';
import { GENESIS } from './envelope.ts';
import { exitCodeOf } from './verification.ts';
import { type ReadRecord, verifyChain } from './verify.ts';

describe('verifyChain, at the end of the records', () => {
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
