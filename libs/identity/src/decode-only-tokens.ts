import { isRecord, type Actor } from '#libs/kernel';
import { bearerToken, isTokenShaped } from './domain/bearer.ts';
import { ANONYMOUS, readUncheckedClaims } from './domain/claims.ts';
import { TokenReader, type Caller } from './token-reader.ts';

const WARNINGS: readonly string[] = ['auth_not_verified'];

/** Mode `decode-only`: claims are read and nothing is checked; what cannot be read is anonymous. Never throws. */
export class DecodeOnlyTokens extends TokenReader {
  readonly warnings = WARNINGS;
  readonly remembered = 0;
  readonly #forgetOthersKeys: () => void;

  /** @param forgetOthersKeys those of whoever verifies beside this one and hears of no invalidation himself */
  constructor(forgetOthersKeys: () => void = () => undefined) {
    super();
    this.#forgetOthersKeys = forgetOthersKeys;
  }

  read(authorization: string | undefined): Caller {
    return this.readToken(bearerToken(authorization ?? '') ?? '');
  }

  /** No key is ever looked at. */
  keys(): null {
    return null;
  }

  forgetKeys(): void {
    this.#forgetOthersKeys();
  }

  readToken(token: string): Caller {
    if (!isTokenShaped(token)) return { actor: ANONYMOUS, warnings: WARNINGS, token: null };
    return { actor: actorOf(token), warnings: WARNINGS, token };
  }
}

function actorOf(token: string): Actor {
  const payload = token.split('.')[1] ?? '';
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return isRecord(claims) ? readUncheckedClaims(claims) : ANONYMOUS;
  } catch {
    // Garbage is tolerated in this mode: it is nobody's token.
    return ANONYMOUS;
  }
}
