import { AdminUnreachable } from './approval-check.ts';

/**
 * The body of an answer as UTF-8 text, given up on as soon as it is longer than allowed.
 * @throws AdminUnreachable when it is longer, or not UTF-8
 */
export async function readBody(response: Response, maxBytes: number): Promise<string> {
  const body: AsyncIterable<Uint8Array> | null = response.body;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new AdminUnreachable(`the body has more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    throw new AdminUnreachable('the body is not UTF-8', { cause: error });
  }
}
