import { PttError } from '#libs/kernel';
import type { Caller, TokenReader } from './token-reader.ts';

/** Reads `PTT-Subject-Token`, the token of FF's caller, at Admin. */
export class SubjectTokens {
  readonly #tokens: TokenReader;

  /** @param tokens a reader for the audience `ptt-ff`, in Admin's verification mode. */
  constructor(tokens: TokenReader) {
    this.#tokens = tokens;
  }

  /** The caller that FF asks for; null without a token. @throws PttError `subject_token_invalid`, `issuer_unavailable` */
  async read(subjectToken: string | undefined): Promise<Caller | null> {
    if (subjectToken === undefined || subjectToken === '') return null;
    try {
      return await this.#tokens.readToken(subjectToken);
    } catch (error) {
      if (!(error instanceof PttError) || error.code !== 'token_invalid') throw error;
      throw new PttError('subject_token_invalid', {
        detail: `In PTT-Subject-Token: ${error.message}`,
        pointer: '#/header/PTT-Subject-Token',
        cause: error,
      });
    }
  }
}
