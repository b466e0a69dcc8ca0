/** What a JWKS says of a public key, without its name and purpose: `kty`, `crv`, and the members of its kind. */
export type PublicPart = Readonly<Record<string, string>>;

/** A key that knows the signatures made with its private part. */
export abstract class VerifyingKey {
  /**
   * Whether the token's third part is this key's signature over the first two, in this algorithm. Whatever else is
   * wrong with it is no signature either. Never rejects.
   */
  abstract signed(token: string, algorithm: string): Promise<boolean>;
}

/**
 * The mathematics of signatures, and nothing else: which key and algorithm a token may have, what it says and for how
 * long it counts is asked and answered by this library's own code, whatever stands behind this port.
 */
export abstract class Signatures {
  /** The key, ready to verify; null for a public part that is none, as a point off its curve. Never rejects. */
  abstract keyOf(publicPart: PublicPart, algorithm: string): Promise<VerifyingKey | null>;
}
