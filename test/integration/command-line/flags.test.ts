import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseJson } from '#libs/kernel';
import { RunningPlane } from '../../support/running-plane.ts';
import { environmentOf, ptt, type Ended } from './ptt.ts';

let plane: RunningPlane;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  plane = await RunningPlane.start();
  env = environmentOf(plane, await plane.token({ subject: 'operator', roles: ['product_owner'] }));
});

afterAll(() => plane.close());

const call = (...words: readonly string[]): Promise<Ended> => ptt(words, env);
const jsonOf = ({ out }: Ended): unknown => parseJson(out);

describe('ptt flags', () => {
  it('lists every flag, as a table or as JSON', async () => {
    const listed = await call('flags', 'list');
    expect(listed).toMatchObject({ code: 0, err: '' });
    const [head = '', ...rows] = listed.out.split('\n');
    expect(head).toMatch(/^KEY +STATE +DEFAULT +GATED BY +VERSION$/);
    expect(rows).toContainEqual(
      expect.stringMatching(/^ff\.cm\.advanced_policy +ENABLED +on +row-sensitive-override +\d+$/),
    );
    const { body } = await (await plane.ff()).get('/v1/flags');
    expect(jsonOf(await call('flags', 'list', '--json'))).toEqual(body['flags']);
    expect(rows).toHaveLength(Array.isArray(body['flags']) ? body['flags'].length : 0);
  });

  it('shows one flag', async () => {
    const { body } = await (await plane.ff()).get('/v1/flags/ff.example');
    expect(jsonOf(await call('flags', 'get', 'ff.example'))).toEqual(body);
  });

  it('sets, explains and removes an override', async () => {
    const set = await call(
      'flags',
      'set',
      'ff.example',
      '--tenant',
      'T-cli',
      '--value',
      'true',
      '--reason',
      'a try',
      '--expires-at',
      '2099-01-01T00:00:00Z',
    );
    expect(set).toMatchObject({ code: 0, err: '' });
    expect(set.out).toContain('"set_by": "operator"');
    expect(set.out).toContain('"expires_at": "2099-01-01T00:00:00');
    expect(set.out).toContain('warning: file_backed_not_replicated');

    const on = await call('flags', 'eval', 'ff.example', '--tenant', 'T-cli', '--context', '{"plan":"pro"}');
    expect(on).toEqual({
      code: 0,
      err: '',
      out: [
        'ff.example is on (true): tenant_override',
        '  user_override: absent',
        '  tenant_override: matched',
        '  targeting: not_consulted',
        '  registry_default: shadowed',
      ].join('\n'),
    });
    expect(jsonOf(await call('flags', 'eval', 'ff.example', '--tenant', 'T-cli', '--json'))).toMatchObject({
      enabled: true,
    });

    const user = await call(
      'flags',
      'set',
      'ff.example',
      '--user',
      'U/cli',
      '--variant',
      'off',
      '--reason',
      'another',
      '--json',
    );
    expect(user).toMatchObject({ code: 1 });
    expect(user.err).toMatch(/^ptt: .*slashes.* \(invalid_field, 400\)$/);

    const version = /"version": (\d+)/.exec(set.out)?.[1] ?? '';
    const stale = await call('flags', 'unset', 'ff.example', '--tenant', 'T-cli', '--if-match', '1');
    expect(stale).toMatchObject({ code: 1, out: '' });
    expect(stale.err).toMatch(
      /^ptt: If-Match names version 1, but it is at version \d+\..* \(version_mismatch, 412\)$/,
    );
    const unset = await call('flags', 'unset', 'ff.example', '--tenant', 'T-cli', '--if-match', version);
    expect(unset).toMatchObject({ code: 0, err: '' });
    expect(unset.out).toMatch(/^there is no override\nwarning: /);
    expect((await call('flags', 'eval', 'ff.example', '--tenant', 'T-cli')).out).toContain(
      'is off (false): registry_default',
    );
  });

  it.each<[string, readonly string[], RegExp]>([
    [
      'neither value nor variant',
      ['set', 'ff.example', '--tenant', 'T', '--reason', 'x'],
      /^ptt: Say either --value or --variant\. \(usage\)$/,
    ],
    [
      'both',
      ['set', 'ff.example', '--tenant', 'T', '--reason', 'x', '--value', '1', '--variant', 'on'],
      /Say either --value or --variant/,
    ],
    ['no subject', ['set', 'ff.example', '--value', 'true', '--reason', 'x'], /^ptt: Say either --tenant or --user/],
    ['two subjects', ['unset', 'ff.example', '--tenant', 'T', '--user', 'U'], /^ptt: Say either --tenant or --user/],
    [
      'a value that is no JSON',
      ['set', 'ff.example', '--tenant', 'T', '--value', 'yes', '--reason', 'x'],
      /It is not JSON\. A text needs quotes of its own: '"yes"'/,
    ],
    ['a context that is no object', ['eval', 'ff.example', '--context', '[1]'], /It is not a JSON object/],
    [
      'a version that is none',
      ['unset', 'ff.example', '--tenant', 'T', '--if-match', '1.5'],
      /It is not a whole number/,
    ],
    [
      'no reason',
      ['set', 'ff.example', '--tenant', 'T', '--value', 'true'],
      /required option '--reason <text>' not specified/,
    ],
    ['no key', ['get'], /missing required argument 'key'/],
    ['a key too many', ['get', 'a', 'b'], /too many arguments/],
    ['an option that is none', ['list', '--jsn'], /unknown option '--jsn'.*\n.*--json/s],
    [
      'an address that is none',
      ['list', '--ff-url', 'nowhere'],
      /^ptt: "nowhere" is no http URL.*--ff-url.* \(usage\)$/,
    ],
    ['a token that is none', ['list', '--token', 'a\nb'], /^ptt: .*token.* \(usage\)$/],
  ])('refuses in words, with exit code 2 and nothing sent: %s', async (_what, words, message) => {
    const before = plane.envelopes.lines.length;
    const ended = await call('flags', ...words);
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toMatch(message);
    expect(plane.envelopes.lines).toHaveLength(before);
  });

  it.each<[string, readonly string[], string]>([
    ['a flag that is none', ['get', 'ff.nothing'], '(flag_not_found, 404)'],
    [
      'a value that is no variant',
      ['set', 'ff.example', '--tenant', 'T', '--value', '"true"', '--reason', 'x'],
      '(value_not_a_variant, 422)',
    ],
    ['no token', ['list', '--token', ''], '(token_missing, 401)'],
    ['a token that does not hold', ['list', '--token', 'garbage'], '(token_invalid, 401)'],
  ])('says what the service refused, with exit code 1: %s', async (_what, words, code) => {
    const ended = await call('flags', ...words);
    expect(ended).toMatchObject({ code: 1, out: '' });
    expect(ended.err).toMatch(/^ptt: .{10,} \([a-z_]+, \d{3}\)/);
    expect(ended.err).toContain(code);
    expect(ended.err).not.toMatch(/\bat .*:\d+:\d+/);
  });

  it('names each fault of a body', async () => {
    const ended = await call(
      'flags',
      'set',
      'ff.example',
      '--tenant',
      'T',
      '--value',
      'true',
      '--reason',
      '',
      '--expires-at',
      'never',
    );
    expect(ended.code).toBe(1);
    expect(ended.err.split('\n').slice(1)).toEqual([
      expect.stringContaining('"pointer":"#/reason"'),
      expect.stringContaining('"pointer":"#/expires_at"'),
    ]);
  });

  it('ends with 3 where nothing answers, or nobody of ours', async () => {
    const nothing = await call('flags', 'list', '--ff-url', 'http://127.0.0.1:1');
    expect(nothing).toMatchObject({ code: 3, out: '' });
    expect(nothing.err).toBe(
      'ptt: Nothing answers at http://127.0.0.1:1. Start it with npm start, or name another address with --ff-url. (service_unreachable)',
    );
    await answering(
      (response) => response.end('<html>'),
      async (url) => {
        const foreign = await call('flags', 'list', '--ff-url', url);
        expect(foreign).toMatchObject({ code: 3, out: '' });
        expect(foreign.err).toBe(
          `ptt: ${url}/v1/flags answered 200 with no JSON object. Check --ff-url: is it a PTT service? (service_unreachable)`,
        );
      },
    );
  });

  it.each([
    [499, 1],
    [500, 3],
    [503, 3],
  ])('tells a service that refuses from one that cannot serve: %i ends with %i', async (status, code) => {
    await answering(
      (response) => response.writeHead(status).end(JSON.stringify({ code: 'some_code', detail: 'In words.' })),
      async (url) => {
        const err = `ptt: In words. (some_code, ${status})`;
        expect(await call('flags', 'list', '--ff-url', url)).toEqual({ code, out: '', err });
      },
    );
  });
});

/** Runs `act` with the address of a service that answers everything so. */
async function answering(
  answer: (response: ServerResponse) => void,
  act: (url: string) => Promise<void>,
): Promise<void> {
  const server = createServer((_request, response) => answer(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  try {
    await act(`http://127.0.0.1:${typeof address === 'object' ? String(address?.port) : ''}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
