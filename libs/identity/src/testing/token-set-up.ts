import { PttError, type ErrorCode } from '#libs/kernel';
import type { Caller } from '../token-reader.ts';
import { VerifiedTokens } from '../verified-tokens.ts';
import { AUDIENCE, claimsAt, ISSUER, keySetUp, type TestKey } from './test-issuer.ts';

/** A reader for ISSUER and AUDIENCE over an issuer that publishes these keys. */
export function setUp(...published: readonly TestKey[]) {
  const { clock, source, keys } = keySetUp(...published);
  const tokens = new VerifiedTokens(keys, clock, { issuer: ISSUER, audience: AUDIENCE });
  const seconds = (): number => Math.floor(clock.now() / 1_000);
  return { clock, source, keys, tokens, seconds, claims: (more = {}) => claimsAt(seconds(), more) };
}

export async function read(tokens: VerifiedTokens, token: string): Promise<Caller> {
  return tokens.read(`Bearer ${token}`);
}

export async function errorOf(task: () => unknown): Promise<PttError> {
  try {
    await task();
  } catch (error) {
    if (error instanceof PttError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

export async function codeOf(task: () => unknown): Promise<ErrorCode> {
  return (await errorOf(task)).code;
}
