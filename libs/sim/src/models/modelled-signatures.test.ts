import { describe, expect, it } from '@jest/globals';
import { JwksKeySet, JwksSource, type JwksText, VerifiedTokens } from '#libs/identity';
import { signaturesContract } from '#libs/identity/testing';
import { Chance } from '../chance.ts';
import { RollingHash } from '../rolling-hash.ts';
import { Life } from '../time/life.ts';
import { NodeTime, WallClock } from '../time/node-time.ts';
import { VirtualTime } from '../time/virtual-time.ts';
import { type ModelledKey, ModelledSignatures } from './modelled-signatures.ts';

const ISSUER = 'http://issuer';

signaturesContract('modelled', () => {
  const signatures = new ModelledSignatures();
  return {
    signatures,
    newKey: () => {
      const key = signatures.newKey('k');
      const { kty = '', crv = '', x = '', y = '' } = key.publicJwk;
      return Promise.resolve({ publicPart: { kty, crv, x, y }, sign: (claims) => key.sign(claims) });
    },
  };
});

class Published extends JwksSource {
  keys: readonly ModelledKey[] = [];

  read(): Promise<JwksText> {
    return Promise.resolve({ text: JSON.stringify({ keys: this.keys.map(({ publicJwk }) => publicJwk) }), ageMs: 0 });
  }
}

/** The production classes in virtual time. */
async function verify(tokensOf: (key: ModelledKey, seconds: number) => readonly string[]) {
  const hash = new RollingHash();
  const time = new VirtualTime(new Chance(1).fork('ties'), hash);
  const clock = new NodeTime(time, new Life(), new WallClock());
  const source = new Published();
  const signatures = new ModelledSignatures();
  const key = signatures.newKey('k-1');
  source.keys = [key];
  const report = (failure: unknown): never => {
    throw new Error('the keys are read', { cause: failure });
  };
  const keys = new JwksKeySet({ source, signatures, clock, scheduler: clock, report });
  const reader = new VerifiedTokens(keys, clock, { issuer: ISSUER, audience: 'ptt-ff' });
  const said: string[] = [];
  for (const token of tokensOf(key, clock.now() / 1_000)) {
    void (async () => (await reader.readToken(token)).actor.id)().then(
      (id) => void said.push(id),
      (error: unknown) => void said.push(String(error)),
    );
  }
  // Nothing of it waits for an event.
  await time.runUntil(0, () => false);
  return { said: [...said], hash: hash.hex() };
}

describe('verification in virtual time', () => {
  const claimsAt = (seconds: number, more = {}) => ({
    iss: ISSUER,
    aud: 'ptt-ff',
    sub: 'U-9',
    exp: seconds + 600,
    ...more,
  });

  it('ends between two events, and twice in the same way', async () => {
    const good = (key: ModelledKey, seconds: number) => [key.sign(claimsAt(seconds))];
    const first = await verify(good);
    expect(first.said).toEqual(['U-9']);
    expect(await verify(good)).toEqual(first);
  });

  it('checks all that is not a signature as it does outside', async () => {
    const { said } = await verify((key, seconds) => {
      const good = key.sign(claimsAt(seconds));
      const [head = '', payload = '', signature = ''] = good.split('.');
      return [
        key.sign(claimsAt(seconds, { iss: 'http://evil' })),
        key.sign(claimsAt(seconds, { aud: 'ptt-admin' })),
        key.sign(claimsAt(seconds, { exp: seconds - 6 })),
        key.sign(claimsAt(seconds, { nbf: seconds + 7 })),
        key.sign(claimsAt(seconds), { alg: 'HS256' }),
        key.sign(claimsAt(seconds), { kid: 'k-2' }),
        key.sign(claimsAt(seconds), { crit: ['exp'] }),
        `${head}.${payload}.${signature.replace(/^./, (first) => (first === '0' ? '1' : '0'))}`,
      ];
    });
    const reasons = ['its issuer', 'it is not meant', 'it has expired', 'it is not valid yet', 'its algorithm'];
    for (const reason of [...reasons, 'no such key', '(crit)', 'its signature']) {
      expect(said.filter((text) => text.includes(reason))).toHaveLength(1);
    }
    expect(said).toHaveLength(8);
  });
});
