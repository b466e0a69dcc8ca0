import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isJsonObject, parseJson } from '#libs/kernel';
import { RunningPlane } from '../../support/running-plane.ts';
import { environmentOf, ptt, type Ended } from './ptt.ts';

let folder: string;
let plane: RunningPlane;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ptt-command-line-'));
  plane = await RunningPlane.start();
  env = environmentOf(plane, await plane.token({ subject: 'operator' }));
});

afterAll(async () => {
  await plane.close();
  await rm(folder, { recursive: true });
});

const call = (...words: readonly string[]): Promise<Ended> => ptt(words, env);
const jsonOf = ({ out }: Ended): unknown => parseJson(out);

describe('ptt seed', () => {
  it('fills a new folder once, its times relative to a given instant', async () => {
    const dataDir = join(folder, 'seeded');
    const first = await ptt(['seed', '--data-dir', dataDir, '--at', '2027-01-31T00:00:00Z', '--json']);
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(jsonOf(first)).toEqual({ data_dir: dataDir, flags: 13, overrides: 2, approvals: 6 });
    const again = await ptt(['seed'], { PTT_DATA_DIR: dataDir });
    expect(again).toEqual({ code: 0, err: '', out: `${dataDir}: 0 flags, 0 overrides and 0 approvals were added` });
    const approvals = parseJson(await readFile(join(dataDir, 'admin', 'approval_examples.json'), 'utf8'));
    const [expired] =
      isJsonObject(approvals) && Array.isArray(approvals['approvals']) ? approvals['approvals'].slice(3) : [];
    expect(expired).toMatchObject({ id: 'APP-100004-expired', sla_deadline: expect.stringMatching(/^2027-01-30T/) });
    expect(await ptt(['audit', 'verify', '--data-dir', dataDir])).toMatchObject({ code: 0 });
  });

  it.each<[string, readonly string[], RegExp]>([
    ['an instant that is none', ['--at', 'tomorrow'], /It is no RFC 3339 instant such as 2027-01-31T00:00:00Z/],
    ['a folder that a service holds', [], /^ptt: .*\(folder_locked\)$/],
  ])('refuses in words: %s', async (_what, words, message) => {
    const ended = await call('seed', ...words);
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toMatch(message);
  });
});

describe('ptt config', () => {
  const NAMES = [
    'PTT_PROFILE',
    'PTT_STORE',
    'PTT_CACHE',
    'PTT_BUS',
    'PTT_GATE',
    'PTT_GATE_REUSE_MS',
    'PTT_ADMIN_URL',
    'PTT_FF_SERVICE_TOKEN_FILE',
    'PTT_AUDIT',
    'FF_VERIFY_MODE',
    'ADMIN_VERIFY_MODE',
    'PTT_ISSUER_LISTEN',
    'PTT_ISSUER_URL',
    'PTT_JWKS_URL',
    'PTT_SIGNING',
    'PTT_DATA_DIR',
    'PTT_FF_LISTEN',
    'PTT_ADMIN_LISTEN',
    'PTT_REPLICA',
    'PTT_LOG_LEVEL',
    'PTT_TOKEN',
  ];

  it('lists every setting with its value and who decided it, and no secret', async () => {
    const listed = await ptt(['config'], { PTT_PROFILE: '2b', PTT_GATE: 'http', PTT_TOKEN: 'secret-token' });
    expect(listed).toMatchObject({ code: 0, err: '' });
    const [head = '', ...rows] = listed.out.split('\n');
    expect(head.split(/ {2,}/)).toEqual(['VARIABLE', 'VALUE', 'FROM', 'LAYER', 'TAKES', 'WHAT IT IS']);
    expect(rows.map((row) => row.split(' ', 1)[0])).toEqual(NAMES);
    expect(rows.map((row) => row.split(/ {2,}/).slice(0, 4))).toEqual(
      expect.arrayContaining([
        ['PTT_PROFILE', '2b', 'environment', 'profile'],
        ['PTT_GATE', 'http', 'environment', 'gate'],
        ['PTT_SIGNING', 'read-only', 'profile', 'signing'],
        ['PTT_REPLICA', '1', 'default', 'http'],
        ['PTT_ADMIN_URL', 'http://127.0.0.1:7081', 'derived', 'gate'],
        ['PTT_FF_SERVICE_TOKEN_FILE', '-', 'default', 'gate'],
        ['PTT_TOKEN', '***', 'environment', 'identity'],
      ]),
    );
    expect(listed.out).not.toContain('secret-token');
    const json = await ptt(['config', '--json'], { PTT_TOKEN: 'secret-token' });
    expect(jsonOf(json)).toEqual(
      NAMES.map((name) => expect.objectContaining({ name, description: expect.any(String) })),
    );
    expect(json.out).not.toContain('secret-token');
  });

  it.each(['config', 'up', 'seed', 'token --sub you'])(
    'refuses a wrong one at once with every other: ptt %s',
    async (words) => {
      const wrong = {
        PTT_PROFILE: '2c',
        PTT_STORE: 'pglite',
        PTT_CACHE: 'disk',
        PTT_GATE_REUSE_MS: '30001',
        PTT_FF_LISTEN: 'here',
        PTT_ISSUER_LISTEN: '0.0.0.0:7082',
        PTT_ADMIN_LISTN: '127.0.0.1:1',
        PTT_CONSOLE_LISTEN: '127.0.0.1:7083',
        FF_VERIFY_MODE: 'none',
      };
      const ended = await ptt(words.split(' '), wrong);
      expect(ended).toMatchObject({ code: 2, out: '' });
      expect(ended.err).toMatch(/^ptt: [^]*\(config_invalid\)$/);
      expect(Object.keys(wrong).filter((name) => !ended.err.includes(name))).toEqual([]);
      expect(ended.err).toContain('did you mean PTT_ADMIN_LISTEN?');
      expect(ended.err).toContain('pglite is not built yet in this version; only file is');
    },
  );
});

describe('ptt audit', () => {
  it('shows the newest records', async () => {
    const ff = await plane.admin({ subject: 'nobody', roles: [] });
    await ff.post('/api/policy/approvals/APP-100001-abcd/sign', { revision: 1, role: 'legal_gate' });
    const tail = await call('audit', 'tail', '--lines', '1');
    expect(tail).toMatchObject({ code: 0, err: '' });
    expect(tail.out).toMatch(/^20\S+Z  2  approval\.sign_refused  refused  \S*APP-100001-abcd  nobody$/);
    const lines = (await call('audit', 'tail', '--json')).out.split('\n').map((line) => parseJson(line));
    expect(lines).toMatchObject([{ sequence: 1 }, { sequence: 2, event: { data: { reason: 'role_missing' } } }]);
    expect(await call('audit', 'tail', '--lines', '-1')).toMatchObject({ code: 2 });
  });

  it('finds the trail of running services sound', async () => {
    const { code, out, err } = await call('audit', 'verify');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^The trail is sound: nothing was altered after it was recorded\.\n/);
    expect(out).toMatch(/^ {2}\/ptt\/ff: records 1 to 2, the last one [0-9a-f]{64}$/m);
    expect(out).toMatch(/^ {2}\/ptt\/admin: records 1 to 2, the last one [0-9a-f]{64}$/m);
  });

  it.each<[string, (text: string) => string, number, RegExp]>([
    [
      'altered',
      (text) => text.replace('registry.seeded', 'registry.sedeed'),
      1,
      /^The trail was altered in \/ptt\/ff.*:/,
    ],
    ['cut off in the middle', (text) => text.slice(text.indexOf('\n', text.length / 2)), 1, /^The trail was altered/],
    ['without its last byte', (text) => text.slice(0, -2), 3, /^The trail could not be checked: the last \d+ bytes/],
  ])('says that a journal was %s', async (_what, alter, code, words) => {
    const dataDir = join(folder, `copy-${code}-${_what.length}`);
    await cp(plane.dataDir, dataDir, { recursive: true });
    // A snapshot that was written by now would know how long the journal was.
    for (const file of ['registry.json', 'override_examples.json']) await rm(join(dataDir, 'ff', file));
    const path = join(dataDir, 'ff', 'journal.log');
    await writeFile(path, alter(await readFile(path, 'latin1')), 'latin1');
    const ended = await ptt(['audit', 'verify', '--data-dir', dataDir]);
    expect(ended).toMatchObject({ code, err: '' });
    expect(ended.out).toMatch(words);
    expect(jsonOf(await ptt(['audit', 'verify', '--data-dir', dataDir, '--json']))).toMatchObject({
      result: code === 1 ? 'altered' : 'unchecked',
    });
  });

  it('says that it could not check where there is nothing', async () => {
    const nowhere = join(folder, 'nowhere');
    expect(await ptt(['audit', 'verify', '--data-dir', nowhere])).toEqual({
      code: 3,
      err: '',
      out: `The trail could not be checked: There is no data at ${nowhere}; name its folder with --data-dir.`,
    });
    expect(await ptt(['audit', 'verify'], { PTT_STORE: 'x' })).toMatchObject({
      code: 3,
      out: expect.stringMatching(/^The trail could not be checked: PTT_STORE: /),
    });
  });
});

describe('ptt token', () => {
  it('needs the keys of a start', async () => {
    const ended = await ptt(['token', '--sub', 'you'], { PTT_DATA_DIR: join(folder, 'nowhere') });
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toMatch(/^ptt: .*nowhere.* is not there; `npm start` makes it\. \(config_invalid\)$/);
  });
});

describe('ptt', () => {
  it.each([['--help'], ['flags', '--help'], ['audit', 'verify', '--help']])('explains itself: %s', async (...words) => {
    const ended = await call(...words);
    expect(ended).toMatchObject({ code: 0, err: '' });
    expect(ended.out).toMatch(/^Usage: ptt .*\n/);
    expect(ended.out).toMatch(/Exit codes: 0|Commands:|Example:/);
  });

  it.each([[['flag']], [['flags', 'lst']], [['--verbose']]])('refuses what it does not know: %j', async (words) => {
    const ended = await call(...words);
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toMatch(/^error: unknown (?:command|option)/);
  });
});
