import { describe, expect, it } from '@jest/globals';
import { settle } from '#libs/platform/testing';
import { Loads } from './loads.ts';
import type { Read } from './slots.ts';

const BEGUN = { fence: 0, drops: 0, isRefresh: false };
const READ: Read<string> = { value: 'a', version: 1, cache: 'miss' };

/** Two of one key, the second begun while the first was under way. */
function two() {
  const loads = new Loads<string>();
  const [older, newer] = [Promise.withResolvers<Read<string>>(), Promise.withResolvers<Read<string>>()];
  loads.begin('a', BEGUN, () => older.promise);
  const load = loads.begin('a', BEGUN, () => newer.promise);
  return { loads, older, newer, load };
}

describe('the loads of a key', () => {
  it('are there until the last one has ended, whichever that is', async () => {
    const { loads, older, newer } = two();
    newer.resolve(READ);
    await settle();
    expect([loads.has('a'), loads.joinable('a')]).toEqual([true, undefined]);
    older.reject(new Error('no'));
    await settle();
    expect([loads.has('a'), loads.has('b')]).toEqual([false, false]);
  });

  it('are joined by the last that began, also when an older one has ended', async () => {
    const { loads, older, load } = two();
    older.resolve(READ);
    await settle();
    expect(loads.joinable('a')).toBe(load);
  });

  it('that were forgotten are joined by nobody, and are there none the less', () => {
    const { loads } = two();
    loads.forget();
    expect([loads.has('a'), loads.joinable('a')]).toEqual([true, undefined]);
  });
});
