import { LIMITS, PttError, type JsonObject } from '#libs/kernel';

/**
 * Bounds what targeting has to look through. Measured only where the body is long enough to hold a context that is too
 * large, or does not say how long it is: an honest request pays for one comparison.
 * @param contentLength the header, as it came
 * @throws PttError `invalid_field` beyond {@link LIMITS.contextBytes} as JSON
 */
export function requireContextSize(context: JsonObject | undefined, contentLength: string | undefined): void {
  if (context === undefined || Number(contentLength) <= LIMITS.contextBytes) return;
  const bytes = Buffer.byteLength(JSON.stringify(context));
  if (bytes <= LIMITS.contextBytes) return;
  throw new PttError('invalid_field', {
    detail: `the context has ${bytes} bytes as JSON, and at most ${LIMITS.contextBytes} are taken; send only what targeting reads`,
    pointer: '#/context',
  });
}
