import { describe, expect, it } from '@jest/globals';
import { type Caller, TokenReader } from '#libs/identity';
import { type ErrorCode, PttError } from '#libs/kernel';
import { ObservedTokens } from './observed-tokens.ts';

class Refusing extends TokenReader {
  readonly warnings = [];
  readonly remembered = 0;
  code: ErrorCode = 'token_invalid';

  override read(): Promise<Caller> {
    return this.readToken();
  }

  override readToken(): Promise<Caller> {
    return Promise.reject(new PttError(this.code, { detail: 'It is so.' }));
  }

  override keys(): null {
    return null;
  }

  override forgetKeys(): void {}
}

describe('tokens that are looked at', () => {
  it('are refused where they were looked into, and not where no key was there to do it with', async () => {
    const told: [string, boolean, string][] = [];
    const below = new Refusing();
    const tokens = new ObservedTokens(below, (...words) => told.push(words));
    const token = `${Buffer.from('{"kid":"k-1"}').toString('base64url')}.x.y`;
    await expect(tokens.readToken(token)).rejects.toThrow('It is so.');
    below.code = 'issuer_unavailable';
    await expect(tokens.readToken(token)).rejects.toThrow('It is so.');
    expect(told).toEqual([['k-1', false, token]]);
  });
});
