import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { ManualClock } from '#libs/platform/testing';
import { JwksKeySet } from './jwks-key-set.ts';
import { JwksSource, type JwksText } from './jwks-source.ts';
import { type PublicPart, Signatures, VerifyingKey } from './signatures.ts';
import { assemble, AUDIENCE, claimsAt, ISSUER } from './testing/index.ts';
import { VerifiedTokens } from './verified-tokens.ts';

/** Keys that know their signature by their own name: real ones are not what races here. */
class NamedSignatures extends Signatures {
  override keyOf({ x }: PublicPart): Promise<VerifyingKey> {
    return Promise.resolve(new NamedKey(x ?? ''));
  }
}

class NamedKey extends VerifyingKey {
  constructor(private readonly name: string) {
    super();
  }

  override signed(token: string): Promise<boolean> {
    return Promise.resolve(Buffer.from(token.split('.')[2] ?? '', 'base64url').toString() === this.name);
  }
}

/** An issuer whose answers take as long as the order of things wants. */
class RacingIssuer extends JwksSource {
  readonly published = new Set(['a']);
  underWay = 0;
  mostUnderWay = 0;

  constructor(private readonly order: fc.Scheduler) {
    super();
  }

  override async read(): Promise<JwksText> {
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    await this.order.schedule(Promise.resolve(), 'the issuer is asked');
    const keys = [...this.published].map((kid) => ({ kid, kty: 'EC', crv: 'P-256', x: kid, y: kid, alg: 'ES256' }));
    await this.order.schedule(Promise.resolve(), 'the issuer has answered');
    this.underWay -= 1;
    return { text: JSON.stringify({ keys }), ageMs: 0 };
  }
}

const acts = fc.array(fc.constantFrom('read a', 'read a', 'read b', 'read x', 'remove a', 'publish b', 'forget'), {
  minLength: 3,
  maxLength: 16,
});

describe('remembered tokens and keys, in whatever order reads and answers come', () => {
  it('never take a token of a key that was removed before all keys were forgotten', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), acts, async (order, given) => {
        const clock = new ManualClock();
        const issuer = new RacingIssuer(order);
        const keys = new JwksKeySet({
          source: issuer,
          signatures: new NamedSignatures(),
          clock,
          scheduler: clock,
          report: () => undefined,
        });
        const tokens = new VerifiedTokens(keys, clock, { issuer: ISSUER, audience: AUDIENCE });
        const claims = claimsAt(Math.floor(clock.now() / 1_000));
        let isForgotten = false;
        let forgets = 0;
        const faults: string[] = [];
        const taken: string[] = [];
        const read = async (kid: string): Promise<void> => {
          const mustBeRefused = kid === 'x' || (kid === 'a' && isForgotten);
          const header = { alg: 'ES256', kid };
          const token = `${assemble(header, claims).split('.').slice(0, 2).join('.')}.${Buffer.from(kid).toString('base64url')}`;
          try {
            await tokens.readToken(token);
            taken.push(kid);
            if (mustBeRefused) faults.push(`a token of ${kid} was taken`);
          } catch {
            // Refused, which is never wrong here but for what is published all the while: asked below.
          }
        };
        const running = given.map(async (act) => {
          await order.schedule(Promise.resolve(), act);
          if (act === 'remove a') issuer.published.delete('a');
          else if (act === 'publish b') issuer.published.add('b');
          else if (act === 'forget') {
            forgets += 1;
            tokens.forgetKeys();
            isForgotten ||= !issuer.published.has('a');
          } else await read(act.slice('read '.length));
        });
        await order.waitIdle();
        await Promise.all(running);
        expect(faults).toEqual([]);
        // One read at a time, but for those that a flush has made void.
        expect(issuer.mostUnderWay).toBeLessThanOrEqual(1 + forgets);
        // In the end what is published is taken: after a minute an unknown kid has the issuer asked again.
        await clock.advance(61_000);
        issuer.published.add('b');
        taken.length = 0;
        const last = read('b');
        await order.waitIdle();
        await last;
        expect(taken).toEqual(['b']);
      }),
      { numRuns: 300 },
    );
  });
});
