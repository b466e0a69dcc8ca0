import { beforeAll, describe, expect, it } from '@jest/globals';
import { LIMITS, PttError } from '#libs/kernel';
import { ManualClock } from '#libs/platform/testing';
import { ANONYMOUS, type Claims } from './domain/claims.ts';
import { JoseSignatures } from './jose-signatures.ts';
import { KeySet, type KeysStanding, type PublicKey } from './key-set.ts';
import { RememberedTokens } from './remembered-tokens.ts';
import {
  AUDIENCE,
  claimsAt,
  ISSUER,
  keySet,
  partOf,
  ScriptedJwks,
  sign,
  testKey,
  type TestKey,
} from './testing/index.ts';
import { VerifiedTokens } from './verified-tokens.ts';

let key: TestKey;
let next: TestKey;
beforeAll(async () => {
  [key, next] = await Promise.all([testKey(), testKey()]);
});

function setUp() {
  const clock = new ManualClock();
  const source = new ScriptedJwks(key);
  const keys = keySet(source, clock);
  const tokens = new VerifiedTokens(keys, clock, { issuer: ISSUER, audience: AUDIENCE });
  const seconds = Math.floor(clock.now() / 1_000);
  return { clock, source, keys, tokens, token: (more = {}) => sign(key, claimsAt(seconds, more)), seconds };
}

/** The caller if the token is remembered; null when it must be verified. */
function atOnce(tokens: VerifiedTokens, token: string): unknown {
  const caller = tokens.readToken(token);
  if (!(caller instanceof Promise)) return caller;
  caller.catch(() => undefined);
  return null;
}

describe('a remembered token', () => {
  it('is answered at once, as the first time', async () => {
    const { tokens, token, source } = setUp();
    const its = await token();
    expect(atOnce(tokens, its)).toBeNull();
    const first = await tokens.readToken(its);
    expect(atOnce(tokens, its)).toEqual(first);
    expect(atOnce(tokens, await token({ sub: 'U-1' }))).toBeNull();
    expect(source.reads).toBe(1);
  });

  it('is told from another one on the same connection, and from none', async () => {
    const { tokens, token } = setUp();
    const connection = {};
    const [ours, theirs] = [`Bearer ${await token({ sub: 'U-1' })}`, `Bearer ${await token({ sub: 'U-2' })}`];
    const ids: unknown[] = [];
    for (const header of [ours, ours, theirs, ours]) ids.push((await tokens.read(header, connection)).actor.id);
    expect(ids).toEqual(['U-1', 'U-1', 'U-2', 'U-1']);
    expect(() => tokens.read(undefined, connection)).toThrow('Send a token');
    expect(await tokens.read(theirs, {})).toMatchObject({ actor: { id: 'U-2' } });
  });

  it('counts no longer where its connection still stands', async () => {
    const { tokens, token, clock, seconds } = setUp();
    const connection = {};
    const its = `Bearer ${await token({ exp: seconds + 10 })}`;
    await tokens.read(its, connection);
    await clock.advance(15_000);
    await expect(tokens.read(its, connection)).rejects.toThrow('it has expired');
  });

  it('counts until its expiry and the leeway, and then never again', async () => {
    const { tokens, token, clock, seconds } = setUp();
    const its = await token({ exp: seconds + 10 });
    await tokens.readToken(its);
    await clock.advance(14_999);
    expect(atOnce(tokens, its)).not.toBeNull();
    await clock.advance(1);
    await expect(tokens.readToken(its)).rejects.toThrow('it has expired');
    expect(tokens.remembered).toBe(0);
  });

  it('does not count where the clock went back behind its beginning', async () => {
    const { tokens, token, clock, seconds } = setUp();
    const its = await token({ nbf: seconds });
    await tokens.readToken(its);
    clock.step(-5_000);
    expect(atOnce(tokens, its)).not.toBeNull();
    clock.step(-1);
    await expect(tokens.readToken(its)).rejects.toThrow('it is not valid yet');
  });

  it('ends with its key: within the hour when the issuer removes it', async () => {
    const { tokens, token, clock, source, seconds } = setUp();
    const its = await token({ exp: seconds + 86_400 });
    await tokens.readToken(its);
    source.publish(next);
    await clock.advance(3_599_999);
    expect(atOnce(tokens, its)).not.toBeNull();
    await clock.advance(1);
    await expect(tokens.readToken(its)).rejects.toThrow('the issuer has no such key');
    await expect(tokens.readToken(its)).rejects.toBeInstanceOf(PttError);
  });

  it('ends with its key: at once after a flush', async () => {
    const { tokens, token, keys, source } = setUp();
    const its = await token();
    await tokens.readToken(its);
    source.publish(next);
    keys.flush();
    await expect(tokens.readToken(its)).rejects.toThrow('the issuer has no such key');
  });

  it('ends when its kid comes to mean another key', async () => {
    const { tokens, token, keys, source } = setUp();
    const its = await token();
    await tokens.readToken(its);
    source.publish({ ...next, publicJwk: { ...next.publicJwk, kid: key.kid } });
    keys.flush();
    await expect(tokens.readToken(its)).rejects.toThrow('its signature does not hold');
  });

  it('goes on where a flush finds the same key', async () => {
    const { tokens, token, keys } = setUp();
    const its = await token();
    await tokens.readToken(its);
    keys.flush();
    expect(atOnce(tokens, its)).toBeNull();
    await expect(tokens.readToken(its)).resolves.toMatchObject({ actor: { verified: true } });
    expect(atOnce(tokens, its)).not.toBeNull();
  });

  it('is one of 10,000 at most, and the one remembered first goes first', async () => {
    class AnyKey extends KeySet {
      readonly key: PublicKey;
      constructor(of: PublicKey) {
        super();
        this.key = of;
      }
      known(): PublicKey {
        return this.key;
      }
      find(): Promise<PublicKey> {
        return Promise.resolve(this.key);
      }
      standing(): KeysStanding {
        return { status: 'up', detail: 'any key', required: false };
      }
      flush(): void {}
    }
    const found = await new JoseSignatures().keyOf(partOf(key), 'ES256');
    if (found === null) throw new Error('the key of a test is one');
    const its: PublicKey = { kid: 'k', algorithms: ['ES256'], key: found };
    const remembered = new RememberedTokens(new AnyKey(its), new ManualClock());
    const claims: Claims = { actor: ANONYMOUS, from: 0, until: Infinity };
    for (let n = 0; n < LIMITS.rememberedTokens; n++) remembered.remember(`${n}`, claims, its);
    expect([remembered.size, remembered.get('0')]).toEqual([LIMITS.rememberedTokens, claims]);
    remembered.remember('one more', claims, its);
    expect(remembered.size).toBe(LIMITS.rememberedTokens);
    expect([remembered.get('0'), remembered.get('1'), remembered.get('one more')]).toEqual([null, claims, claims]);
  });
});

describe('a rotation', () => {
  it('refuses no good token, before or after, even of a hundred that come at once', async () => {
    const { tokens, token, source, clock, seconds } = setUp();
    const before = await token();
    await tokens.readToken(before);
    source.publish(key, next);
    const after = await Promise.all(
      Array.from({ length: 100 }, (_, n) => sign(next, claimsAt(seconds, { sub: `U-${n}` }))),
    );
    const callers = await Promise.all([...after.map((its) => tokens.readToken(its)), tokens.readToken(before)]);
    expect(callers.every(({ actor }) => actor.verified)).toBe(true);
    expect(source.reads).toBe(2);
    await clock.advance(1_000);
    expect(atOnce(tokens, before)).not.toBeNull();
  });
});
