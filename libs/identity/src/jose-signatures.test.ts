import { describe, expect, it } from '@jest/globals';
import { JoseSignatures } from './jose-signatures.ts';
import { partOf, sign, signaturesContract, testKey } from './testing/index.ts';

signaturesContract('jose', () => ({
  signatures: new JoseSignatures(),
  newKey: async () => {
    const key = await testKey();
    return { publicPart: partOf(key), sign: (claims) => sign(key, claims) };
  },
}));

describe('jose', () => {
  it('makes no key of a secret', async () => {
    await expect(new JoseSignatures().keyOf({ kty: 'oct', k: 'c2VjcmV0' }, 'HS256')).resolves.toBeNull();
  });
});
