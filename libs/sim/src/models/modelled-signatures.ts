import { type PublicPart, Signatures, VerifyingKey } from '#libs/identity';
import { sha256Hex } from '#libs/kernel';

const ALGORITHM = 'ES256';

/** A key pair of a world's issuer: its public part looks like an EC key's, as readers of a JWKS want it. */
export interface ModelledKey {
  readonly kid: string;
  /** As an issuer publishes it. */
  readonly publicJwk: Readonly<Record<string, string>>;
  /** A token by this key over exactly these claims. */
  sign(claims: Readonly<Record<string, unknown>>, header?: Readonly<Record<string, unknown>>): string;
}

/**
 * Signatures of a world, made and verified in microtasks: a digest over a secret that the model alone knows. Whoever
 * has only tokens and published keys can make none.
 */
export class ModelledSignatures extends Signatures {
  /** By what is published of it. */
  readonly #secrets = new Map<string, string>();

  /** Another key at every call, of that name. */
  newKey(kid: string): ModelledKey {
    const secret = sha256Hex(`secret ${this.#secrets.size}`);
    const part = { kty: 'EC', crv: 'P-256', x: sha256Hex(`x ${secret}`), y: sha256Hex(`y ${secret}`) };
    this.#secrets.set(nameOf(part), secret);
    return {
      kid,
      publicJwk: { ...part, kid, alg: ALGORITHM, use: 'sig' },
      sign: (claims, header) => {
        const head = { alg: ALGORITHM, kid, ...header };
        const signed = `${base64url(head)}.${base64url(claims)}`;
        return `${signed}.${signatureOf(signed, secret, head.alg)}`;
      },
    };
  }

  keyOf(publicPart: PublicPart): Promise<VerifyingKey | null> {
    const secret = this.#secrets.get(nameOf(publicPart));
    return Promise.resolve(secret === undefined ? null : new SecretKey(secret));
  }
}

class SecretKey extends VerifyingKey {
  readonly #secret: string;

  constructor(secret: string) {
    super();
    this.#secret = secret;
  }

  signed(token: string, algorithm: string): Promise<boolean> {
    const [head = '', payload = '', signature, ...more] = token.split('.');
    const expected = signatureOf(`${head}.${payload}`, this.#secret, algorithm);
    return Promise.resolve(more.length === 0 && signature === expected);
  }
}

function nameOf({ kty, crv, x, y }: PublicPart): string {
  return JSON.stringify([kty, crv, x, y]);
}

/** The algorithm is part of it, as a real signature in another one is another. */
function signatureOf(signed: string, secret: string, algorithm: string): string {
  return sha256Hex(JSON.stringify([secret, algorithm, signed]));
}

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
