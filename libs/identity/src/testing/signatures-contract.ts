import { describe, expect, it } from '@jest/globals';
import type { PublicPart, Signatures, VerifyingKey } from '../signatures.ts';

/** What a suite needs of whoever makes keys for the signatures under test, all of them for ES256. */
export interface SignaturesUnderTest {
  readonly signatures: Signatures;
  newKey(): Promise<SigningKey>;
}

interface SigningKey {
  readonly publicPart: PublicPart;
  sign(claims: Readonly<Record<string, unknown>>): string | Promise<string>;
}

/** What every kind of signatures does, the real ones and their models. */
export function signaturesContract(name: string, open: () => SignaturesUnderTest): void {
  async function pair() {
    const its = open();
    const { signatures } = its;
    const made = await its.newKey();
    return { signatures, made, other: await its.newKey(), verifying: await found(signatures, made.publicPart) };
  }

  describe(`signatures: ${name}`, () => {
    it('hold for the key and the algorithm that made them', async () => {
      const { made, other, verifying, signatures } = await pair();
      const token = await made.sign({ sub: 'U-9' });
      await expect(verifying.signed(token, 'ES256')).resolves.toBe(true);
      await expect((await found(signatures, { ...made.publicPart })).signed(token, 'ES256')).resolves.toBe(true);
      for (const algorithm of ['ES384', 'HS256', 'RS256', 'none', '']) {
        await expect(verifying.signed(token, algorithm)).resolves.toBe(false);
      }
      await expect(verifying.signed(await other.sign({ sub: 'U-9' }), 'ES256')).resolves.toBe(false);
    });

    it('do not hold for anything else, and nothing rejects', async () => {
      const { made, verifying } = await pair();
      const good = await made.sign({ sub: 'U-9' });
      const [head = '', payload = '', signature = ''] = good.split('.');
      const wrong = [
        '',
        'garbage',
        `${head}.${payload}`,
        `${head}.${payload}.`,
        `${head}.${payload}.${signature}.`,
        `${head}.${payload}.${signature.slice(0, 40)}`,
        `${head}.${payload}.*${signature}`,
        `${head}.e30.${signature}`,
        `.${payload}.${signature}`,
        `${payload}.${head}.${signature}`,
      ];
      for (const token of wrong) await expect(verifying.signed(token, 'ES256')).resolves.toBe(false);
    });

    it('are of no key where the public part is none', async () => {
      const { signatures, made } = await pair();
      const { x = '', y = '', ...rest } = made.publicPart;
      for (const part of [{}, rest, { ...rest, x }, { ...rest, x: y, y: x }, { kty: 'oct', k: 'c2VjcmV0' }]) {
        await expect(signatures.keyOf(part, 'ES256')).resolves.toBeNull();
      }
    });
  });
}

async function found(signatures: Signatures, part: PublicPart): Promise<VerifyingKey> {
  const key = await signatures.keyOf(part, 'ES256');
  if (key === null) throw new Error('the key of a test is one');
  return key;
}
