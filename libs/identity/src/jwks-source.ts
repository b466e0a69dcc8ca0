/** A JWKS has some 300 bytes a key. */
const JWKS_MAX_BYTES = 65_536;

/** Where the issuer's keys are published. */
export abstract class JwksSource {
  /** The JWKS as text, fresh from the issuer. Rejects when it cannot be had, gives up when `signal` is aborted. */
  abstract read(signal: AbortSignal): Promise<string>;
}

/** The issuer's JWKS URL. */
export class HttpJwksSource extends JwksSource {
  readonly #url: string;

  constructor(url: string) {
    super();
    this.#url = url;
  }

  async read(signal: AbortSignal): Promise<string> {
    const headers = { accept: 'application/json', 'cache-control': 'no-cache' };
    const response = await fetch(this.#url, { headers, signal, redirect: 'error' });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`the issuer answered ${response.status}`);
    }
    const body: AsyncIterable<Uint8Array> | null = response.body;
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > JWKS_MAX_BYTES) throw new Error(`the issuer's keys have more than ${JWKS_MAX_BYTES} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  }
}
