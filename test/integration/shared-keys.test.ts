import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Invalidation, MemoryTier, type SharedGet, SharedTexts, TierUnreachable } from '#libs/cache';
import { JoseSignatures, JwksKeySet, TieredJwksSource } from '#libs/identity';
import { ISSUER, ScriptedJwks, testKey, type TestKey } from '#libs/identity/testing';
import { ManualClock } from '#libs/platform/testing';

const HOUR = 3_600_000;

let a: TestKey;
let b: TestKey;
beforeAll(async () => {
  [a, b] = await Promise.all([testKey(), testKey()]);
});

/** May be away, or hold what nobody here wrote. */
class TroubledTier extends MemoryTier {
  isAway = false;
  foreign: string | null = null;

  override get(...words: Parameters<MemoryTier['get']>): Promise<SharedGet> {
    if (this.isAway) return Promise.reject(new TierUnreachable('away'));
    if (this.foreign === null) return super.get(...words);
    return Promise.resolve({ kind: 'entry', text: this.foreign, leftMs: HOUR, lease: null });
  }
}

/** Replicas that flush when told to, over one tier and one issuer. */
function setUp() {
  const clock = new ManualClock();
  const issuer = new ScriptedJwks(a);
  const sets: JwksKeySet[] = [];
  const tier = new TroubledTier(clock, ({ namespace }) => {
    for (const keys of sets) if (namespace === 'jwks') keys.flush();
  });
  const replica = () => {
    const ports = { clock, scheduler: clock, report: () => undefined };
    const shared = new SharedTexts('jwks', { tier, ...ports });
    const source = new TieredJwksSource(issuer, shared, ISSUER);
    const keys = new JwksKeySet({ source, signatures: new JoseSignatures(), ...ports });
    sets.push(keys);
    return { keys, shared };
  };
  return { clock, issuer, tier, replica };
}

describe('keys that replicas share', () => {
  it('are refused by every replica within the hour of the issuer’s last word, however often they were copied', async () => {
    const { clock, issuer, replica } = setUp();
    const [first, second] = [replica(), replica()];
    await first.keys.find(a.kid);
    issuer.publish(b);
    await clock.advance(0.7 * HOUR);
    await expect(second.keys.find(a.kid)).resolves.toMatchObject({ kid: a.kid });
    expect(issuer.reads).toBe(1);
    await clock.advance(0.3 * HOUR - 1);
    await expect(second.keys.find(a.kid)).resolves.toMatchObject({ kid: a.kid });
    await clock.advance(1);
    for (const { keys } of [first, second, replica()]) {
      expect(keys.known(a.kid)).toBeUndefined();
      await expect(keys.find(a.kid)).resolves.toBeNull();
      await expect(keys.find(b.kid)).resolves.toMatchObject({ kid: b.kid });
    }
  });

  it('keep a new replica going while the issuer is down', async () => {
    const { clock, issuer, replica } = setUp();
    await replica().keys.find(a.kid);
    issuer.next = new Error('down');
    await clock.advance(HOUR - 1);
    await expect(replica().keys.find(a.kid)).resolves.toMatchObject({ kid: a.kid });
    await clock.advance(1);
    await expect(replica().keys.find(a.kid)).rejects.toMatchObject({ code: 'issuer_unavailable' });
  });

  it('are asked for at the issuer for a kid that nobody knew when they were shared', async () => {
    const { issuer, replica } = setUp();
    await replica().keys.find(a.kid);
    issuer.publish(a, b);
    const { keys } = replica();
    await expect(keys.find(b.kid)).resolves.toMatchObject({ kid: b.kid });
    for (let n = 0; n < 10; n += 1) await expect(keys.find(`unknown-${n}`)).resolves.toBeNull();
    expect(issuer.reads).toBe(2);
  });

  it('are read from the issuer anew by every replica after a flush', async () => {
    const { issuer, tier, replica } = setUp();
    const replicas = [replica(), replica(), replica()];
    for (const { keys } of replicas) await keys.find(a.kid);
    expect(issuer.reads).toBe(1);
    issuer.publish(b);
    const flush: Invalidation = { namespace: 'jwks', scope: {}, epoch: 1 };
    await tier.announce(flush);
    for (const { keys } of replicas) {
      expect(keys.known(a.kid)).toBeUndefined();
      await expect(keys.find(b.kid)).resolves.toMatchObject({ kid: b.kid });
    }
    expect(issuer.reads).toBe(4);
    await expect(replica().keys.find(b.kid)).resolves.toMatchObject({ kid: b.kid });
    expect(issuer.reads).toBe(4);
  });

  it('are the issuer’s where the tier is away', async () => {
    const { issuer, tier, replica } = setUp();
    tier.isAway = true;
    const replicas = [replica(), replica()];
    for (const { keys, shared } of replicas) {
      await expect(keys.find(a.kid)).resolves.toMatchObject({ kid: a.kid });
      expect(shared.stats).toMatchObject({ uncached: 1, hit: 0, miss: 0 });
    }
    expect(issuer.reads).toBe(2);
  });

  it.each([
    '',
    '{}',
    '{"schema":2,"key":"KEY","version":0,"value":"{}"}',
    '{"schema":2,"key":"KEY","version":0,"value":{"keys":[]}}',
  ])('are the issuer’s where the tier holds %j', async (foreign) => {
    const { tier, replica } = setUp();
    tier.foreign = foreign.replace('KEY', `ptt:ff:jwks:${encodeURIComponent(ISSUER)}`);
    const { keys, shared } = replica();
    await expect(keys.find(a.kid)).resolves.toMatchObject({ kid: a.kid });
    expect(shared.stats).toMatchObject({ foreign: 1, miss: 1, hit: 0 });
  });
});
