import { JwksSource, type JwksText } from './jwks-source.ts';
import { listedIn } from './read-jwks.ts';

/** Texts that replicas share. Structurally libs/cache's class of that name. */
export interface SharedTexts {
  /**
   * What replicas share under that key if it is younger than so long and whole; else what `load` reads, which is
   * shared from then on where it may be. Rejects only as `load` does.
   */
  read(key: string, wanted: SharedTextWanted): Promise<JwksText>;
}

export interface SharedTextWanted {
  readonly youngerThanMs: number;
  readonly isWhole: (text: string) => boolean;
  readonly load: () => Promise<string>;
}

/**
 * The issuer's JWKS by way of what all replicas share (namespace `jwks`), so that a new replica need not ask the
 * issuer. Its age comes with it: a copy lengthens no time.
 *
 * A key set that has reason to doubt what was read before, since it met an unknown kid or was flushed, has the issuer
 * itself asked. What it then learns need not reach the shared text at once: whoever reads that later knows nothing
 * newer, and comes here for the issuer's own word by the same two ways; a flush has dropped it besides.
 */
export class TieredJwksSource extends JwksSource {
  readonly #issuers: JwksSource;
  readonly #shared: SharedTexts;
  readonly #key: string;

  /** @param issuer its name, as in the claim `iss` */
  constructor(issuers: JwksSource, shared: SharedTexts, issuer: string) {
    super();
    this.#issuers = issuers;
    this.#shared = shared;
    this.#key = `ptt:ff:jwks:${encodeURIComponent(issuer)}`;
  }

  read(signal: AbortSignal, youngerThanMs: number): Promise<JwksText> {
    return this.#shared.read(this.#key, {
      youngerThanMs,
      isWhole,
      load: async () => {
        const { text } = await this.#issuers.read(signal, 0);
        // What is no JWKS is an error of this replica's, and not for an hour one of them all.
        listedIn(text);
        return text;
      },
    });
  }
}

function isWhole(text: string): boolean {
  try {
    listedIn(text);
    return true;
  } catch {
    return false;
  }
}
