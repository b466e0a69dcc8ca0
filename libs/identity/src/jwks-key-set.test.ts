import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
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

const unavailable = { code: 'issuer_unavailable' };

describe('the key set', () => {
  it('asks for nothing until a key is needed, and then once for all', async () => {
    const { keys, source, clock } = setUp();
    expect(keys.known(a.kid)).toBeUndefined();
    expect(source.reads).toBe(0);
    const found = await Promise.all([keys.find(a.kid), keys.find(a.kid), keys.find(a.kid)]);
    expect(new Set(found).size).toBe(1);
    expect(keys.known(a.kid)).toBe(found[0]);
    expect(source.reads).toBe(1);
    expect(clock.waiting).toBe(0);
  });

  it('says issuer_unavailable while it never had keys, trying again once a second', async () => {
    const { keys, source, clock, reports } = setUp();
    source.next = new Error('down');
    await expect(keys.find(a.kid)).rejects.toMatchObject(unavailable);
    await clock.advance(999);
    await expect(keys.find(a.kid)).rejects.toMatchObject(unavailable);
    expect(source.reads).toBe(1);
    source.publish(a);
    await clock.advance(1);
    await expect(keys.find(a.kid)).resolves.toMatchObject({ kid: a.kid });
    expect(source.reads).toBe(2);
    expect(reports).toEqual([new Error('down')]);
  });

  it('gives up on an issuer that hangs after 3 s', async () => {
    const { keys, source, clock, reports } = setUp();
    source.next = new Promise<string>(() => undefined);
    let ended: unknown = null;
    void keys.find(a.kid).catch((error: unknown) => (ended = error));
    await clock.advance(2_999);
    expect(ended).toBeNull();
    await clock.advance(1);
    await settle();
    expect(ended).toMatchObject(unavailable);
    expect(reports).toEqual([new Error('the issuer did not answer within 3000 ms')]);
  });

  it.each(['', 'null', '[]', '{}', '{"keys":{}}', '<html>'])('takes %j for no keys', async (text) => {
    const { keys, source } = setUp();
    source.next = text;
    await expect(keys.find(a.kid)).rejects.toMatchObject(unavailable);
  });

  it('takes an empty set for what it is: no key holds', async () => {
    const { keys, source } = setUp();
    await keys.find(a.kid);
    source.publish();
    keys.flush();
    await expect(keys.find(a.kid)).resolves.toBeNull();
  });
});

describe('how it stands with the keys', () => {
  it('is that nobody has asked yet, at first, and asking how it stands asks for them', async () => {
    const { keys, source } = setUp();
    expect(keys.standing()).toMatchObject({ status: 'up', required: false });
    await keys.find(a.kid);
    expect(source.reads).toBe(1);
    expect(keys.standing()).toEqual({ status: 'up', detail: 'its keys were read', required: false });
  });

  it('keeps an instance out of service that never could read them, until it can', async () => {
    const { keys, source, clock } = setUp();
    source.next = new Error('down');
    keys.standing();
    await settle();
    expect(keys.standing()).toMatchObject({ status: 'down', required: true });
    await clock.advance(999);
    keys.standing();
    expect(source.reads).toBe(1);
    await clock.advance(1);
    source.publish(a);
    keys.standing();
    await keys.find(a.kid);
    expect(source.reads).toBe(2);
    expect(keys.standing()).toMatchObject({ status: 'up' });
  });

  it('is told, and takes nothing out of service, while the last good ones are kept', async () => {
    const { keys, source } = setUp();
    await keys.find(a.kid);
    source.next = new Error('down');
    await keys.find('unknown');
    expect(keys.standing()).toMatchObject({ status: 'down', required: false });
    keys.flush();
    source.publish(a);
    await keys.find(a.kid);
    expect(keys.standing()).toMatchObject({ status: 'up' });
  });

  it('is asked for again a minute after the last time that an unknown kid could not be looked for', async () => {
    const { keys, source, clock } = setUp();
    await keys.find(a.kid);
    source.next = new Error('down');
    await keys.find(b.kid);
    source.publish(a, b);
    await clock.advance(MINUTE - 1);
    expect(keys.standing()).toMatchObject({ status: 'down' });
    expect(source.reads).toBe(2);
    await clock.advance(1);
    expect([keys.standing(), keys.standing()]).toMatchObject([{ status: 'down' }, { status: 'down' }]);
    await settle();
    expect(source.reads).toBe(3);
    // That read is the unknown kid's as well, and the only one of its minute.
    await expect(keys.find(b.kid)).resolves.toMatchObject({ kid: b.kid });
    await keys.find('unknown');
    expect(keys.standing()).toMatchObject({ status: 'up' });
    expect(source.asked).toEqual([HOUR, 0, 0]);
  });

  it('gets better by the traffic of known kids too', async () => {
    const { keys, source, clock } = setUp();
    await keys.find(a.kid);
    source.next = new Error('down');
    await keys.find(b.kid);
    await clock.advance(MINUTE);
    keys.known(a.kid);
    await settle();
    expect(source.reads).toBe(3);
    source.publish(a, b);
    await clock.advance(MINUTE - 1);
    keys.known(a.kid);
    expect(source.reads).toBe(3);
    await clock.advance(1);
    keys.known(a.kid);
    await keys.find(b.kid);
    expect([source.reads, keys.standing()]).toMatchObject([4, { status: 'up' }]);
    await clock.advance(MINUTE);
    keys.known(a.kid);
    expect(source.reads).toBe(4);
  });

  it('gets better past the soft end too, where nobody but readiness asks', async () => {
    const { keys, source, clock } = setUp();
    await keys.find(a.kid);
    source.next = new Error('down');
    await clock.advance(0.8 * HOUR);
    keys.standing();
    expect(source.reads).toBe(1);
    keys.known(a.kid);
    await settle();
    source.publish(a);
    await clock.advance(1_000);
    expect(keys.standing()).toMatchObject({ status: 'down' });
    expect(source.reads).toBe(3);
  });
});

describe('an unknown kid', () => {
  it('makes it ask again at most once a minute', async () => {
    const { keys, source, clock } = setUp();
    await keys.find(a.kid);
    for (let n = 0; n < 50; n++) await expect(keys.find(`unknown-${n}`)).resolves.toBeNull();
    expect(source.reads).toBe(2);
    await clock.advance(MINUTE - 1);
    await keys.find('unknown');
    expect(source.reads).toBe(2);
    await clock.advance(1);
    await keys.find('unknown');
    expect(source.reads).toBe(3);
    expect(keys.known(a.kid)).toMatchObject({ kid: a.kid });
    expect(source.reads).toBe(3);
  });

  it('asks at most once a minute whatever comes, and finds what was published', async () => {
    const step = fc.oneof(
      fc.record({ wait: fc.integer({ min: 1, max: 90_000 }) }),
      fc.record({ kid: fc.constantFrom('x', 'y', 'known') }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array<{ wait?: number; kid?: string }>(step, { maxLength: 40 }), async (steps) => {
        const { keys, source, clock } = setUp();
        await keys.find(a.kid);
        const readsAt: number[] = [];
        const wrong: unknown[] = [];
        for (const { wait, kid } of steps) {
          if (wait !== undefined) await clock.advance(wait);
          else {
            const before = source.reads;
            const found = await keys.find(kid === 'known' ? a.kid : (kid ?? ''));
            if ((found?.kid === a.kid) !== (kid === 'known')) wrong.push([kid, found]);
            for (let read = before; read < source.reads; read++) readsAt.push(clock.monotonicMs());
          }
        }
        expect(wrong).toEqual([]);
        // Within the hour's first four fifths, nothing else makes it ask.
        const early = readsAt.filter((at) => at < 0.8 * HOUR);
        expect(early.filter((at, index) => at - (early[index - 1] ?? -MINUTE) < MINUTE)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('waits for a read that begins after it, not for one already under way', async () => {
    const { keys, source } = setUp();
    await keys.find(a.kid);
    const slow = Promise.withResolvers<string>();
    source.next = slow.promise;
    const first = keys.find('unknown');
    await settle();
    const second = keys.find(b.kid);
    slow.resolve(jwksOf(a, b));
    await expect(Promise.all([first, second])).resolves.toMatchObject([null, { kid: b.kid }]);
    expect(source.reads).toBe(2);
  });

  it('is null, and no error, when the issuer is down and keys are known', async () => {
    const { keys, source, reports } = setUp();
    await keys.find(a.kid);
    source.next = new Error('down');
    await expect(keys.find(b.kid)).resolves.toBeNull();
    expect(keys.known(a.kid)).toMatchObject({ kid: a.kid });
    expect(reports).toHaveLength(1);
  });
});
