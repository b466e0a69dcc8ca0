import { compactVerify, importJWK, type CryptoKey } from 'jose';
import { Signatures, VerifyingKey, type PublicPart } from './signatures.ts';

/** By jose on WebCrypto. */
export class JoseSignatures extends Signatures {
  async keyOf(publicPart: PublicPart, algorithm: string): Promise<VerifyingKey | null> {
    try {
      const key = await importJWK({ ...publicPart }, algorithm);
      return key instanceof Uint8Array ? null : new JoseKey(key);
    } catch {
      // A point that is not on its curve, a modulus that is none: no key, and the others still count.
      return null;
    }
  }
}

class JoseKey extends VerifyingKey {
  readonly #key: CryptoKey;

  constructor(key: CryptoKey) {
    super();
    this.#key = key;
  }

  async signed(token: string, algorithm: string): Promise<boolean> {
    try {
      await compactVerify(token, this.#key, { algorithms: [algorithm] });
      return true;
    } catch {
      // A signature that does not hold, a part that is no base64url, a modulus too short: each is reason enough.
      return false;
    }
  }
}
