import { type Caller, TokenReader } from '#libs/identity';
import { isRecord, parseJson, PttError } from '#libs/kernel';

/** Tokens as they are read, with what became of each told of. */
export class ObservedTokens extends TokenReader {
  readonly warnings: readonly string[];
  readonly #below: TokenReader;
  readonly #tell: (kid: string, isTaken: boolean, token: string) => void;

  constructor(below: TokenReader, tell: (kid: string, isTaken: boolean, token: string) => void) {
    super();
    this.warnings = below.warnings;
    this.#below = below;
    this.#tell = tell;
  }

  override get remembered(): number {
    return this.#below.remembered;
  }

  override keys(): ReturnType<TokenReader['keys']> {
    return this.#below.keys();
  }

  override read(authorization: string | undefined, connection?: object): Promise<Caller> {
    return this.#told(authorization?.slice('Bearer '.length) ?? '', () => this.#below.read(authorization, connection));
  }

  override readToken(token: string): Promise<Caller> {
    return this.#told(token, () => this.#below.readToken(token));
  }

  override forgetKeys(): void {
    this.#below.forgetKeys();
  }

  async #told(token: string, read: () => Caller | Promise<Caller>): Promise<Caller> {
    try {
      const caller = await read();
      this.#tell(kidOf(token), true, token);
      return caller;
    } catch (error) {
      // With no keys at hand nobody has looked into it.
      if (error instanceof PttError && error.code === 'token_invalid') this.#tell(kidOf(token), false, token);
      throw error;
    }
  }
}

/** By the first part of a token: there are few, and many tokens of each. */
const kids = new Map<string, string>();

function kidOf(token: string): string {
  const head = token.slice(0, token.indexOf('.'));
  const known = kids.get(head);
  if (known !== undefined) return known;
  const header = parseJson(Buffer.from(head, 'base64url').toString('utf8'));
  const kid = isRecord(header) && typeof header['kid'] === 'string' ? header['kid'] : '';
  kids.set(head, kid);
  return kid;
}
