import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningPlane } from '../../support/running-plane.ts';
import { settledPlane, type SettledPlane } from '../settled-plane.ts';
import { Wire } from '../wire.ts';
import { stateOf, type WatchedState } from './watched-state.ts';

let settled: SettledPlane;
let plane: RunningPlane;
let wires: Readonly<Record<'ff' | 'admin', Wire>>;
let authorization: string;
let before: WatchedState;

beforeAll(async () => {
  settled = await settledPlane();
  ({ plane } = settled);
  const [replica] = plane.plane.ff;
  wires = { ff: new Wire(replica?.url ?? ''), admin: new Wire(plane.plane.admin.url) };
  authorization = `Authorization: Bearer ${await plane.token()}`;
  before = await stateOf(plane);
});

afterAll(async () => {
  for (const wire of Object.values(wires)) wire.close();
  await settled.end();
});

/** Status, code and pointer of what came back for these lines, the token among them. */
async function answerTo(service: 'ff' | 'admin', lines: readonly string[], body = ''): Promise<string> {
  const [first = '', ...others] = lines;
  const received = await wires[service].exchange(
    [first, authorization, 'Connection: close', ...others, '', body].join('\r\n'),
  );
  const [head = '', text = ''] = received.split('\r\n\r\n');
  const status = head.split(' ')[1];
  const code = /"code":"([a-z_]+)"/.exec(text)?.[1];
  const pointer = /"pointer":"([^"]+)"/.exec(text)?.[1];
  return [status, code, pointer].filter((part) => part !== undefined).join(' ');
}

describe.each(['ff', 'admin'] as const)('%s, byte for byte', (service) => {
  const path = service === 'ff' ? '/v1/flags' : '/api/policy/matrix';
  const host = 'Host: a';

  it.each<[string, readonly string[], string]>([
    ['a request that holds', [`GET ${path} HTTP/1.1`, host], '200'],
    ['no Host', [`GET ${path} HTTP/1.1`], '400 bad_request #/header/Host'],
    ['a method that nobody knows', [`STEAL ${path} HTTP/1.1`, host], '400 bad_request'],
    ['another protocol', [`GET ${path} SPDY/9`, host], '400 bad_request'],
    ['a header without a name', [`GET ${path} HTTP/1.1`, host, ': x'], '400 bad_request'],
    ['a header with a line of its own', [`GET ${path} HTTP/1.1`, host, 'X: a', ' folded'], '400 bad_request'],
    ['a control character in a header', [`GET ${path} HTTP/1.1`, host, 'X: a\u0001b'], '400 bad_request'],
    ['headers of 20 kB', [`GET ${path} HTTP/1.1`, host, `X: ${'x'.repeat(20_000)}`], '431 headers_too_large'],
    ['a path of 20 kB', [`GET ${path}/${'x'.repeat(20_000)} HTTP/1.1`, host], '431 headers_too_large'],
    ['two lengths', [`POST ${path} HTTP/1.1`, host, 'Content-Length: 1', 'Content-Length: 2'], '400 bad_request'],
    [
      'a length and chunks',
      [`POST ${path} HTTP/1.1`, host, 'Content-Length: 4', 'Transfer-Encoding: chunked'],
      '400 bad_request',
    ],
    ['a length that is none', [`POST ${path} HTTP/1.1`, host, 'Content-Length: -1'], '400 bad_request'],
    ['an expectation', [`GET ${path} HTTP/1.1`, host, 'Expect: 200-maybe'], '400 bad_request #/header/Expect'],
    ['steps up', ['GET /v1/flags/../../etc/passwd HTTP/1.1', host], '404 route_not_found #/path'],
    ['steps up within a route', [`GET ${path}/../healthz HTTP/1.1`, host], '404 route_not_found #/path'],
    ['slashes twice', [`GET /${path} HTTP/1.1`, host], '404 route_not_found #/path'],
    [
      'a slash at its end',
      [`GET ${path.replace('flags', 'rollout/surfaces')}/ HTTP/1.1`, host],
      '404 route_not_found #/path',
    ],
    ['other letters', [`GET ${path.toUpperCase()} HTTP/1.1`, host], '404 route_not_found #/path'],
    ['an encoded route', [`GET ${path.replace('a', '%61')}%2Fx HTTP/1.1`, host], '404 route_not_found #/path'],
    ['U+0000 in the route', [`GET ${path}%00 HTTP/1.1`, host], '404 route_not_found #/path'],
  ])('answers %s', async (_, lines, expected) => {
    expect(await answerTo(service, lines)).toBe(expected);
    expect(await stateOf(plane)).toEqual(before);
  });

  it('answers chunks that are none', async () => {
    const chunked = [`POST ${path} HTTP/1.1`, host, 'Content-Type: application/json', 'Transfer-Encoding: chunked'];
    expect(await answerTo(service, chunked, 'nothing\r\n{}')).toMatch(/^(?:400 bad_request|405 method_not_allowed)$/);
    expect(await stateOf(plane)).toEqual(before);
  });

  it('makes a correlation id of its own for one that nobody could take', async () => {
    for (const id of ['a b', 'x'.repeat(129), '"><script>', '../../a']) {
      const { headers } = await wires[service].send({
        method: 'GET',
        path: '/healthz',
        headers: { 'PTT-Correlation-Id': id },
      });
      expect(headers['ptt-correlation-id']).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }
  });
});

describe('an override', () => {
  it('is not set on two conditions, nor by two lengths of a body', async () => {
    const put = 'PUT /v1/flags/override/tenant/T-pty/ff.example HTTP/1.1';
    const body = '{"value":true,"reason":"x"}';
    const json = ['Host: a', 'Content-Type: application/json', `Content-Length: ${body.length}`];
    const twice = await answerTo('ff', [put, ...json, 'If-Match: "1"', 'If-Match: "2"'], body);
    expect(twice).toBe('400 invalid_if_match #/header/If-Match');
    expect(await answerTo('ff', [put, ...json, 'Content-Length: 2'], body)).toBe('400 bad_request');
    expect(await stateOf(plane)).toEqual(before);
  });
});
