import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '#libs/platform/testing';
import { ServiceToken } from './approval-check.ts';
import { HttpMatrixRows } from './http-matrix-rows.ts';

class OneToken extends ServiceToken {
  current(): Promise<string> {
    return Promise.resolve('service.token');
  }
}

const MATRIX = JSON.stringify({ rows: [{ row: 'row-a', required_roles: ['r'] }, { row: 'row-b' }, null, 7] });

describe('the rows of a running Admin’s matrix', () => {
  let server: Server;
  let url = '';
  let asked: IncomingMessage[] = [];
  let answer: (response: ServerResponse) => void = () => undefined;
  const clock = new ManualClock();

  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      asked.push(request);
      answer(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const rows = () => new HttpMatrixRows(`${url}//`, new OneToken(), clock).rows();

  it('are asked for with the service token', async () => {
    answer = (response) => response.end(MATRIX);
    await expect(rows()).resolves.toEqual(new Set(['row-a', 'row-b']));
    expect(asked[0]?.url).toBe('/api/policy/matrix');
    expect(asked[0]?.headers.authorization).toBe('Bearer service.token');
    expect(clock.waiting).toBe(0);
  });

  it.each([
    [200, ''],
    [200, 'null'],
    [200, '[]'],
    [200, '{}'],
    [200, '{"rows":{}}'],
    [200, '<html>'],
    [200, `"${'x'.repeat(1_048_576)}"`],
    [401, MATRIX],
    [404, MATRIX],
    [500, MATRIX],
  ])('are unreachable at %i %.20s', async (status, body) => {
    answer = (response) => response.writeHead(status).end(body);
    await expect(rows()).resolves.toBe('unreachable');
    expect(clock.waiting).toBe(0);
  });

  it('are not looked for elsewhere', async () => {
    answer = (response) => response.writeHead(302, { location: `${url}/elsewhere` }).end();
    await expect(rows()).resolves.toBe('unreachable');
    expect(asked).toHaveLength(1);
  });

  it('are unreachable when Admin hangs for 900 ms, or is not there', async () => {
    const reached = new Promise<void>((resolve) => (answer = () => resolve()));
    const known = rows();
    await reached;
    await clock.advance(900);
    await expect(known).resolves.toBe('unreachable');
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await expect(rows()).resolves.toBe('unreachable');
  });
});
