import { beforeAll, describe, expect, it } from '@jest/globals';
import { ManualClock } from '#libs/platform/testing';
import { jwksOf, keySet, ScriptedJwks, testKey, type TestKey } from './testing/index.ts';

const HOUR = 3_600_000;

let a: TestKey;
let b: TestKey;
beforeAll(async () => {
  [a, b] = await Promise.all([testKey(), testKey()]);
});

function setUp(ageMs: number) {
  const clock = new ManualClock();
  const source = new ScriptedJwks(a);
  source.ageMs = ageMs;
  return { clock, source, keys: keySet(source, clock) };
}

describe('keys that somebody else has read', () => {
  it('end with the hour since then', async () => {
    const { keys, source, clock } = setUp(0.5 * HOUR);
    await keys.find(a.kid);
    source.next = new Promise<string>(() => undefined);
    await clock.advance(0.5 * HOUR - 1);
    expect(keys.known(a.kid)).toMatchObject({ kid: a.kid });
    await clock.advance(1);
    expect(keys.known(a.kid)).toBeUndefined();
  });

  it('are read ahead at four fifths of it, for younger ones', async () => {
    const { keys, source, clock } = setUp(0.5 * HOUR);
    await keys.find(a.kid);
    await clock.advance(0.3 * HOUR - 1);
    keys.known(a.kid);
    expect(source.asked).toEqual([HOUR]);
    await clock.advance(1);
    keys.known(a.kid);
    expect(source.asked).toEqual([HOUR, 0.8 * HOUR]);
  });

  it('are not asked for past the hour: whatever is read then is younger', async () => {
    const { keys, source, clock } = setUp(0);
    await keys.find(a.kid);
    await clock.advance(2 * HOUR);
    await keys.find(a.kid);
    expect(source.asked).toEqual([HOUR, HOUR]);
  });

  it('are passed by for an unknown kid', async () => {
    const { keys, source } = setUp(0);
    await keys.find(a.kid);
    source.publish(a, b);
    await expect(keys.find(b.kid)).resolves.toMatchObject({ kid: b.kid });
    expect(source.asked).toEqual([HOUR, 0]);
  });

  it('are passed by after a flush until the issuer was heard', async () => {
    const { keys, source, clock } = setUp(0);
    await keys.find(a.kid);
    keys.flush();
    const good = source.next;
    source.next = new Error('down');
    await keys.find(a.kid);
    await clock.advance(1_000);
    source.next = good;
    keys.known(a.kid);
    keys.flush();
    await keys.find(a.kid);
    await clock.advance(HOUR);
    await keys.find(a.kid);
    expect(source.asked).toEqual([HOUR, 0, 0, 0, HOUR]);
  });

  it('do not stand for the issuer’s own word where both are under way', async () => {
    const { keys, source, clock } = setUp(0);
    await keys.find(a.kid);
    await clock.advance(0.8 * HOUR);
    const slow = Promise.withResolvers<string>();
    source.next = slow.promise;
    keys.known(a.kid);
    const unknown = keys.find(b.kid);
    source.publish(a, b);
    slow.resolve(jwksOf(a));
    await expect(unknown).resolves.toMatchObject({ kid: b.kid });
    expect(source.asked).toEqual([HOUR, 0.8 * HOUR, 0]);
  });
});
