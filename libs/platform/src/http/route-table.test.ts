import { describe, expect, it } from '@jest/globals';
import { RouteTable } from './route-table.ts';

const table = new RouteTable();
table.add('GET', '/v1/flags');
table.add(['POST', 'GET'], '/v1/flags/:key');
table.add('DELETE', '/v1/flags/:key');
table.add('put', '/v1/flags/fixed');
table.add('GET', '/docs/*');

describe('the methods of a path', () => {
  it.each<[string, readonly string[]]>([
    ['/v1/flags', ['GET']],
    ['/v1/flags/ff.a', ['DELETE', 'GET', 'POST']],
    ['/v1/flags/fixed', ['DELETE', 'GET', 'POST', 'PUT']],
    ['/v1/flags/', []],
    ['/v1/flags/a/b', []],
    ['/v1', []],
    ['/docs/a/b.js', ['GET']],
    ['/docs/', ['GET']],
    ['/docs', []],
  ])('%s are those of every route that matches: %j', (path, methods) => {
    expect(table.methodsOf(path)).toEqual(methods);
  });
});
