import { isJsonObject, parseJson, type JsonObject, type JsonValue } from '#libs/kernel';

/** What a token says of how it was signed. Nothing of it is trusted. */
export interface TokenHeader {
  readonly kid?: JsonValue;
  readonly alg?: JsonValue;
  readonly crit?: JsonValue;
}

/** A token in JWS Compact Serialization (RFC 7515, 7.1). */
export interface TokenParts {
  readonly header: TokenHeader;
  /** The claims; null when they are no JSON object in UTF-8. To be read only once the signature is known to hold. */
  payload(): JsonObject | null;
}

/** Null for a text that is no such token. */
export function openToken(token: string): TokenParts | null {
  const [head = '', payload = '', ...signature] = token.split('.');
  if (signature.length !== 1) return null;
  const header = objectIn(head);
  return header === null ? null : { header, payload: () => objectIn(payload) };
}

function objectIn(part: string): JsonObject | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(part, 'base64url'));
    const value = parseJson(text);
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}
