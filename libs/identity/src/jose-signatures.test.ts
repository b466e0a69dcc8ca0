import { beforeAll, describe, expect, it } from '@jest/globals';
import { JoseSignatures } from './jose-signatures.ts';
import type { VerifyingKey } from './signatures.ts';
import { assemble, partOf, sign, testKey, type TestKey } from './testing/index.ts';

const signatures = new JoseSignatures();
let key: TestKey;
let other: TestKey;
let verifying: VerifyingKey;
beforeAll(async () => {
  [key, other] = await Promise.all([testKey(), testKey()]);
  const found = await signatures.keyOf(partOf(key), 'ES256');
  if (found === null) throw new Error('the key of a test is one');
  verifying = found;
});

describe('signatures by jose', () => {
  it('hold for the key and algorithm that made them', async () => {
    const token = await sign(key, { sub: 'U-9' });
    await expect(verifying.signed(token, 'ES256')).resolves.toBe(true);
    await expect(verifying.signed(token, 'ES384')).resolves.toBe(false);
    await expect(verifying.signed(await sign(other, { sub: 'U-9' }), 'ES256')).resolves.toBe(false);
  });

  it('do not hold for anything else, and nothing rejects', async () => {
    const good = await sign(key, { sub: 'U-9' });
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
      assemble({ alg: 'none' }, { sub: 'U-9' }),
    ];
    for (const token of wrong) {
      await expect(verifying.signed(token, 'ES256')).resolves.toBe(false);
      await expect(verifying.signed(token, 'none')).resolves.toBe(false);
    }
  });

  it('are of no key where the public part is none', async () => {
    const { x = '', ...rest } = partOf(key);
    for (const part of [{}, rest, { ...rest, x, y: x }, { kty: 'oct', k: 'c2VjcmV0' }, { kty: 'RSA', n: '', e: '' }]) {
      await expect(signatures.keyOf(part, 'ES256')).resolves.toBeNull();
    }
    await expect(signatures.keyOf({ kty: 'oct', k: 'c2VjcmV0' }, 'HS256')).resolves.toBeNull();
  });
});
