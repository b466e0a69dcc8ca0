import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#libs/kernel';
import { ServiceClient } from './client.ts';

const PAGES: readonly JsonObject[] = [
  { records: [{ id: 1 }, { id: 2 }], next_cursor: 'a+b/c=' },
  { records: [{ id: 3 }], next_cursor: null },
];

describe('every item of a list that has two pages', () => {
  let server: Server;
  let client: ServiceClient;
  let asked: (string | undefined)[] = [];

  beforeEach(async () => {
    asked = [];
    server = createServer(({ url }, response) => {
      response.end(JSON.stringify(PAGES[asked.length]));
      asked.push(url);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    client = new ServiceClient(`http://127.0.0.1:${port}`, '--admin-url', undefined);
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it.each([
    ['with a query of its own', '/x?limit=500', '/x?limit=500&cursor=a%2Bb%2Fc%3D'],
    ['without a query', '/x', '/x?cursor=a%2Bb%2Fc%3D'],
  ])('comes in order, the second page from behind the first, of a path %s', async (_what, path, second) => {
    const items: JsonObject[] = [];
    for await (const item of client.pages(path, 'records')) items.push(item);
    expect(items).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
    expect(asked).toEqual([path, second]);
  });
});
