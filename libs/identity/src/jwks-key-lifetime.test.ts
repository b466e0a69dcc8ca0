import { beforeAll, describe, expect, it } from '@jest/globals';
import { settle } from '#libs/platform/testing';
import { jwksOf, keySetUp, testKey, type TestKey } from './testing/index.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;

let a: TestKey;
let b: TestKey;
beforeAll(async () => {
  [a, b] = await Promise.all([testKey(), testKey()]);
});

const setUp = () => keySetUp(a);

/** Key material is imported on a thread that no clock drives, so this waits by work of the same kind. */
async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await testKey();
}

describe('the hour', () => {
  it('is read ahead from four fifths on, while callers are answered', async () => {
    const { keys, source, clock } = setUp();
    const first = await keys.find(a.kid);
    await clock.advance(0.8 * HOUR - 1);
    expect(keys.known(a.kid)).toBe(first);
    expect(source.reads).toBe(1);
    await clock.advance(1);
    source.publish(a, b);
    expect(keys.known(a.kid)).toBe(first);
    expect(keys.known(a.kid)).toBe(first);
    expect(source.reads).toBe(2);
    await until(() => keys.known(b.kid) !== undefined);
    expect(keys.known(a.kid)).toBe(first);
    await clock.advance(0.8 * HOUR - 1);
    expect(keys.known(a.kid)).toBe(first);
    expect(source.reads).toBe(2);
  });

  it('ends what was read, with no traffic too', async () => {
    const { keys, source, clock } = setUp();
    await keys.find(a.kid);
    source.publish(b);
    await clock.advance(HOUR - 1);
    const { next } = source;
    source.next = new Promise<string>(() => undefined);
    expect(keys.known(a.kid)).toMatchObject({ kid: a.kid });
    await clock.advance(1);
    expect(keys.known(a.kid)).toBeUndefined();
    source.next = next;
    await clock.advance(3_000);
    await clock.advance(MINUTE);
    await expect(keys.find(a.kid)).resolves.toBeNull();
    await expect(keys.find(b.kid)).resolves.toMatchObject({ kid: b.kid });
  });

  it('keeps the last good set while the issuer is down, and asks again until it is back', async () => {
    const { keys, source, clock } = setUp();
    const first = await keys.find(a.kid);
    source.next = new Error('down');
    await clock.advance(HOUR);
    await expect(keys.find(a.kid)).resolves.toBe(first);
    expect(source.reads).toBe(2);
    for (let second = 0; second < 300; second++) {
      expect(keys.known(a.kid)).toBe(first);
      await clock.advance(1_000);
    }
    expect(source.reads).toBeGreaterThan(200);
    source.publish(b);
    keys.known(a.kid);
    await until(() => keys.known(b.kid) !== undefined);
    expect(keys.known(a.kid)).toBeUndefined();
  });

  it('asks at most once a second while the issuer is down', async () => {
    const { keys, source, clock } = setUp();
    await keys.find(a.kid);
    source.next = new Error('down');
    await clock.advance(0.8 * HOUR);
    for (let n = 0; n < 10; n++) {
      keys.known(a.kid);
      await settle();
    }
    expect(source.reads).toBe(2);
    await clock.advance(999);
    keys.known(a.kid);
    expect(source.reads).toBe(2);
    await clock.advance(1);
    keys.known(a.kid);
    expect(source.reads).toBe(3);
  });

  it('trusts an old failure for a minute, no longer', async () => {
    const { keys, source, clock } = setUp();
    await keys.find(a.kid);
    source.next = new Error('down');
    await clock.advance(HOUR);
    await keys.find(a.kid);
    await clock.advance(MINUTE - 1);
    source.next = new Promise<string>(() => undefined);
    expect(keys.known(a.kid)).toMatchObject({ kid: a.kid });
    await clock.advance(1);
    expect(keys.known(a.kid)).toBeUndefined();
  });
});

describe('a flush', () => {
  it('makes the next call ask', async () => {
    const { keys, source } = setUp();
    await keys.find(a.kid);
    source.publish(b);
    keys.flush();
    expect(keys.known(a.kid)).toBeUndefined();
    await expect(keys.find(b.kid)).resolves.toMatchObject({ kid: b.kid });
    expect(source.reads).toBe(2);
  });

  it('takes no notice of what was read before it', async () => {
    const { keys, source } = setUp();
    const slow = Promise.withResolvers<string>();
    source.next = slow.promise;
    const before = keys.find(a.kid);
    await settle();
    keys.flush();
    source.publish(b);
    const after = keys.find(b.kid);
    slow.resolve(jwksOf(a));
    await expect(after).resolves.toMatchObject({ kid: b.kid });
    await expect(before).resolves.toBeNull();
    expect(keys.known(a.kid)).toBeUndefined();
  });

  it('leaves no removed key to whoever waits for a read that it has made void', async () => {
    const { keys, source } = setUp();
    await keys.find(a.kid);
    keys.flush();
    const slow = Promise.withResolvers<string>();
    source.next = slow.promise;
    const asked = keys.find(a.kid);
    await settle();
    source.publish(b);
    keys.flush();
    slow.resolve(jwksOf(b));
    await expect(asked).resolves.toBeNull();
  });

  it('has nobody wait for one read after another of an issuer that hangs', async () => {
    const { keys, source, clock } = setUp();
    await keys.find(a.kid);
    keys.flush();
    source.next = new Promise<string>(() => undefined);
    const asked = Promise.allSettled([keys.find(a.kid)]);
    await clock.advance(1_000);
    keys.flush();
    await clock.advance(2_000);
    expect(await asked).toMatchObject([{ reason: { code: 'issuer_unavailable' } }]);
    expect(source.reads).toBe(2);
  });

  it('has nobody wait for longer than two reads take, of an unknown kid either', async () => {
    const { keys, source, clock } = setUp();
    await keys.find(a.kid);
    keys.flush();
    source.next = new Promise<string>(() => undefined);
    const other = Promise.allSettled([keys.find(a.kid)]);
    await clock.advance(1_000);
    let outcome: unknown = null;
    void keys.find('unknown').catch((error: unknown) => (outcome = error));
    await clock.advance(1_000);
    keys.flush();
    await clock.advance(4_999);
    await settle();
    expect([outcome, source.reads]).toEqual([null, 4]);
    await clock.advance(1);
    await settle();
    expect(outcome).toMatchObject({ code: 'issuer_unavailable' });
    await other;
  });

  it('takes no notice of a failure from before it', async () => {
    const { keys, source } = setUp();
    await keys.find(a.kid);
    const slow = Promise.withResolvers<string>();
    source.next = slow.promise;
    const before = keys.find('unknown');
    await settle();
    keys.flush();
    slow.reject(new Error('down'));
    await settle();
    expect(keys.known(a.kid)).toBeUndefined();
    source.publish(a);
    await before;
  });

  it('falls back to the last good set when the issuer is down', async () => {
    const { keys, source } = setUp();
    const first = await keys.find(a.kid);
    source.next = new Error('down');
    keys.flush();
    await expect(keys.find(a.kid)).resolves.toBe(first);
    expect(keys.known(a.kid)).toBe(first);
  });
});
