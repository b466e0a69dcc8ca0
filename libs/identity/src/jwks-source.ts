/** A JWKS has some 300 bytes a key. */
const JWKS_MAX_BYTES = 65_536;

/** A JWKS as text. */
export interface JwksText {
  readonly text: string;
  /** How long before it was asked for here it was read from the issuer, at the most. In milliseconds. */
  readonly ageMs: number;
}

/** The issuer gave no keys: no answer in time, or not as it should. */
export class IssuerUnreachable extends Error {
  override readonly name = 'IssuerUnreachable';
}

/** Where the issuer's keys are published. */
export abstract class JwksSource {
  /**
   * The JWKS, younger than so long: 0 has the issuer itself asked. Rejects when it cannot be had, gives up when
   * `signal` is aborted.
   */
  abstract read(signal: AbortSignal, youngerThanMs: number): Promise<JwksText>;
}

/** The issuer's JWKS URL. */
export class HttpJwksSource extends JwksSource {
  readonly #url: string;

  constructor(url: string) {
    super();
    this.#url = url;
  }

  async read(signal: AbortSignal): Promise<JwksText> {
    const headers = { accept: 'application/json', 'cache-control': 'no-cache' };
    const response = await fetch(this.#url, { headers, signal, redirect: 'error' });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new IssuerUnreachable(`the issuer answered ${response.status}`);
    }
    const body: AsyncIterable<Uint8Array> | null = response.body;
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > JWKS_MAX_BYTES)
        throw new IssuerUnreachable(`the issuer's keys have more than ${JWKS_MAX_BYTES} bytes`);
      chunks.push(chunk);
    }
    return { text: Buffer.concat(chunks).toString('utf8'), ageMs: 0 };
  }
}
