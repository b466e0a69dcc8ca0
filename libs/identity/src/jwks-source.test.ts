import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpJwksSource } from './jwks-source.ts';

describe('the JWKS URL', () => {
  let server: Server;
  let source: HttpJwksSource;
  let url = '';
  let reads = 0;
  let answer: (response: ServerResponse) => void = () => undefined;
  const open = new AbortController().signal;

  beforeEach(async () => {
    reads = 0;
    server = createServer((_, response) => {
      reads++;
      answer(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/jwks`;
    source = new HttpJwksSource(url);
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('is read as text', async () => {
    answer = (response) => response.end('{"keys":[]}');
    await expect(source.read(open)).resolves.toEqual({ text: '{"keys":[]}', ageMs: 0 });
  });

  it.each([201, 204, 304, 404, 500, 503])('is not there when it answers %i', async (status) => {
    answer = (response) => response.writeHead(status).end();
    await expect(source.read(open)).rejects.toThrow(`the issuer answered ${status}`);
  });

  it('is not followed elsewhere', async () => {
    answer = (response) => response.writeHead(302, { location: `${url}2` }).end();
    await expect(source.read(open)).rejects.toThrow('fetch failed');
    expect(reads).toBe(1);
  });

  it('is read for 64 KiB at the most', async () => {
    answer = (response) => response.end('x'.repeat(65_536));
    await expect(source.read(open)).resolves.toMatchObject({ text: 'x'.repeat(65_536) });
    answer = (response) => response.end('x'.repeat(65_537));
    await expect(source.read(open)).rejects.toThrow("the issuer's keys have more than 65536 bytes");
  });

  it('is given up on when told', async () => {
    const giveUp = new AbortController();
    answer = () => giveUp.abort(new Error('enough'));
    await expect(source.read(giveUp.signal)).rejects.toThrow('enough');
  });

  it('is not there when nobody listens', async () => {
    await new Promise((resolve) => server.close(resolve));
    await expect(source.read(open)).rejects.toThrow('fetch failed');
  });
});
