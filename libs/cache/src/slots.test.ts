import { beforeEach, describe, expect, it } from '@jest/globals';
import { CACHE_LIMITS } from './index.ts';
import { Slots } from './slots.ts';

let slots: Slots<string>;

beforeEach(() => {
  slots = new Slots('flag', CACHE_LIMITS.entries);
});

const keep = (group: string, member: string, value = 'x', key = `${group}:${member}`): void =>
  slots.keep({ key, group, member, hardAt: 1_000_000 }, { value, version: 1 });
const valueOf = (group: string, member: string) => slots.find(group, member)?.hit.value;

describe('what is kept in process', () => {
  it('is found by both parts of its key, beside others of its group', () => {
    keep('g', 'a', 'first');
    keep('g', 'b', 'second');
    keep('h', 'a', 'third');
    expect([valueOf('g', 'a'), valueOf('g', 'b'), valueOf('h', 'a'), valueOf('h', 'b')]).toEqual([
      'first',
      'second',
      'third',
      undefined,
    ]);
    expect(slots.of('g:b')).toBe(slots.find('g', 'b'));
    expect([...slots.values()]).toHaveLength(3);
  });

  it('is dropped alone, and once', () => {
    keep('g', 'a');
    keep('g', 'b', 'second');
    const slot = slots.find('g', 'a');
    if (slot !== undefined) slots.drop(slot);
    expect([slots.size, valueOf('g', 'a'), valueOf('g', 'b')]).toEqual([1, undefined, 'second']);
    slots.clear();
    expect([slots.size, valueOf('g', 'b')]).toEqual([0, undefined]);
    if (slot !== undefined) slots.drop(slot);
    expect(slots.size).toBe(0);
  });

  it('has a key of at most so many characters', () => {
    keep('g', 'a', 'long', 'k'.repeat(CACHE_LIMITS.keyLength));
    keep('g', 'b', 'too long', 'k'.repeat(CACHE_LIMITS.keyLength + 1));
    expect([valueOf('g', 'a'), valueOf('g', 'b')]).toEqual(['long', undefined]);
  });

  it('gives way, the oldest first, when there are too many; kept anew it is the newest', () => {
    for (let key = 0; key < CACHE_LIMITS.entries; key += 1) keep('g', `${key}`);
    keep('g', '1', 'anew');
    expect([slots.size, valueOf('g', '0')]).toEqual([CACHE_LIMITS.entries, 'x']);
    for (const one of ['more', 'and more']) keep('g', one);
    expect(slots.size).toBe(CACHE_LIMITS.entries);
    expect(['0', '1', '2', '3'].map((one) => valueOf('g', one))).toEqual([undefined, 'anew', undefined, 'x']);
  });
});
