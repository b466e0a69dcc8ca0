import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isJsonObject, parseJson } from '#libs/kernel';
import { ptt } from './ptt.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ptt-simulate-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** All that is said, but for how long it took. */
const saidIn = (text: string): unknown => {
  const read = parseJson(text);
  return isJsonObject(read)
    ? { ...read, pace: { ...(isJsonObject(read['pace']) ? read['pace'] : {}), ...NO_TIME } }
    : read;
};
const NO_TIME = { wallMs: 0, busyMs: 0, cores: 0 };

describe('ptt simulate', () => {
  it('runs a seed, says and writes what came of it, and writes a page that replays it', async () => {
    const [report, summary] = [join(folder, 'replay.html'), join(folder, 'summary.json')];
    const words = ['simulate', '--seed', '4', '--replicas', '1', '--trace', 'short'];
    const ended = await ptt([...words, '--report', report, '--summary', summary]);
    expect(ended).toMatchObject({ code: 0, err: `The replay of seed 4 is in ${report}` });
    expect(parseJson(readFileSync(summary, 'utf8'))).toMatchObject({
      exit_code: 0,
      setting: { replicas: 1, faults: 'swarm', mode: 'safety', bug: null },
      seeds: { passed: 1, failed: 0 },
      kept: { passed: 0, failed: 0 },
    });
    const lines = ended.out.split('\n');
    expect(lines.slice(lines.indexOf('passed') + 1)).toHaveLength(60);
    expect(ended.out).toMatch(/^ +\d+\.\d{3} s {2}caller-\d calls ff-1: /m);
    expect(readFileSync(report, 'utf8')).toMatch(/<title>seed 4, passed<\/title>/);
  });

  it('goes on from what an interrupted run kept, to the same end', async () => {
    const file = join(folder, 'outcomes.jsonl');
    const summary = join(folder, 'whole.json');
    const words = ['simulate', '--seed', '5', '--seeds', '2', '--replicas', '1', '--json', '--resume', file];
    const whole = await ptt([...words, '--summary', summary]);
    expect(whole.code).toBe(0);
    expect(readFileSync(summary, 'utf8')).toBe(`${whole.out}\n`);
    const kept = readFileSync(file, 'utf8').split('\n').slice(0, 2);
    writeFileSync(file, kept.map((line) => `${line}\n`).join(''));
    expect(saidIn((await ptt(words)).out)).toEqual(saidIn(whole.out));
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(4);
    const other = await ptt(words.map((word) => (word === '2' ? '3' : word)));
    expect(other).toMatchObject({ code: 2, out: '' });
    expect(other.err).toMatch(
      /outcomes\.jsonl cannot be gone on with \(--resume\): its count is 2, and here it is 3\./,
    );
  });

  const written = () => ['--summary', join(folder, 'refused.json')];
  it.each<[string, readonly string[], RegExp]>([
    ['a mode', ['--mode', 'fast'], /There is no mode fast \(--mode\)\. There are safety, liveness, perf\./],
    [
      'a mode to come',
      ['--mode', 'cutover'],
      /cutover is not built yet \(--mode\)\. There are safety, liveness, perf\./,
    ],
    [
      'a fault',
      ['--faults', 'bus-cut,meteor'],
      /There is no fault "meteor" \(--faults\)\. There are swarm, none, or any of bus-cut,/,
    ],
    ['a bug', ['--bug', 'meteor'], /There is no bug meteor \(--bug\)\. There are?/],
    ['a seed that is no number', ['--seed', 'x'], /argument 'x' is invalid\. It is no whole number from 0 on\./],
    ['a seed out of range', ['--seed', '4294967296'], /--seed is 4294967296; allowed is 0 to 4294967295\./],
    ['no seeds', ['--seeds', '0'], /--seeds is 0; allowed is 1 to/],
    ['replicas', ['--replicas', '9'], /--replicas is 9; allowed is 1 to 8\./],
    ['more seeds than are held', ['--seeds', '20001'], /--seeds is 20001; allowed is 1 to 20000\./],
    ['outcomes nowhere', ['--resume', '/no/such/folder/x'], /\/no\/such\/folder\/x cannot be written \(ENOENT\)/],
    [
      'outcomes of a search',
      ['--bug', 'deadline-rebased', '--resume', 'x'],
      /--resume and --bug together mean nothing/,
    ],
    ['outcomes of a pace', ['--mode', 'perf', '--resume', 'x'], /--resume and --mode perf together mean nothing/],
    ['a length', ['--trace', 'long'], /Allowed choices are short, full\./],
    [
      'a report nowhere',
      ['--report', '/no/such/folder/x.html'],
      /\/no\/such\/folder\/x\.html cannot be written \(ENOENT\)/,
    ],
    ['a report that is a folder', ['--report', tmpdir()], /cannot be written: it is a folder\./],
  ])('refuses in words, and runs nothing: %s', async (_what, words, message) => {
    const ended = await ptt(['simulate', ...words, ...written()]);
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toMatch(message);
    expect(readdirSync(folder)).not.toContain('refused.json');
  });
});
