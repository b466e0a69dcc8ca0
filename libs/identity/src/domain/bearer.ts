import { LIMITS } from '#libs/kernel';

const BEARER = /^bearer +([^ ].*)$/i;
/** RFC 6750, b64token: what can stand in a header of ours without harm. */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/** The token in `Authorization: Bearer …`; null when the header is of another scheme or has none. */
export function bearerToken(authorization: string): string | null {
  return BEARER.exec(authorization)?.[1] ?? null;
}

/** Whether a text can be a bearer token at all, of any issuer. */
export function isTokenShaped(text: string): boolean {
  return text.length <= LIMITS.tokenLength && TOKEN.test(text);
}
