import { describe, expect, it } from '@jest/globals';
import { readBody } from './read-body.ts';

describe('reading the body of an answer', () => {
  it('puts its pieces together before it reads them as text', async () => {
    const bytes = Buffer.from('a \u2603', 'utf8');
    const body = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    await expect(readBody(new Response(body), bytes.length)).resolves.toBe('a \u2603');
  });

  it('finds no text where there is no body', async () => {
    await expect(readBody(new Response(null), 10)).resolves.toBe('');
  });

  it('gives up on what is longer than allowed', async () => {
    await expect(readBody(new Response('12345'), 4)).rejects.toMatchObject({
      name: 'AdminUnreachable',
      message: 'the body has more than 4 bytes',
    });
  });

  it('gives up on what is not UTF-8, and says what was wrong with it', async () => {
    await expect(readBody(new Response(Uint8Array.of(0xff)), 4)).rejects.toMatchObject({
      name: 'AdminUnreachable',
      message: 'the body is not UTF-8',
      cause: expect.anything(),
    });
  });
});
