import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { canonicalJson, type JsonValue } from '#libs/kernel';
import { SequentialIds } from '#libs/platform/testing';
import { chainOf } from '../testing/index.ts';
import { at, FF, ff, rehashed, verify } from '../testing/verifying.ts';
import { GENESIS, isChainedEnvelope } from './envelope.ts';

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

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
