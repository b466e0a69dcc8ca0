import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { exceptionFailure } from '#libs/sim';
import { outcome, SETTING } from '#libs/sim/testing';
import { OutcomeFile, type RunOf } from './outcome-file.ts';

const RUN: RunOf = { sources: 'a1b2c3d', first: 1, count: 9, setting: SETTING, kept: ['fixtures/seeds/a.json'] };
const SEEDS = [77, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const PLAN = [{ kind: 'bus-cut', at: 1.5, forMs: 2, target: 0, size: 0.5 }] as const;
const THREE = { place: 3, timed: { outcome: outcome({ seed: 3, plan: PLAN }), tookMs: 7.5 }, wallMs: 250 };
const ONE = {
  place: 1,
  timed: { outcome: outcome({ seed: 1, failure: exceptionFailure('schön', 5) }), tookMs: 3 },
  wallMs: 100,
};

let folder: string;
let path: string;
const opened: OutcomeFile[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ptt-outcomes-'));
  path = join(folder, 'outcomes.jsonl');
});
afterEach(() => {
  for (const file of opened.splice(0)) file.close();
  rmSync(folder, { recursive: true });
});

const open = (run: Partial<RunOf> = {}): OutcomeFile => {
  const file = OutcomeFile.open(path, { ...RUN, ...run }, SEEDS);
  opened.push(file);
  return file;
};
const filled = (): string => {
  const file = open();
  // Two cores: what ended later may have been told of sooner.
  for (const kept of [THREE, ONE]) file.add(kept);
  return readFileSync(path, 'utf8');
};

describe('a file of outcomes', () => {
  it('has them again, and what was spent on them', () => {
    expect(open()).toMatchObject({ outcomes: new Map(), wallMs: 0 });
    filled();
    const { outcomes, wallMs } = open();
    expect([...outcomes]).toEqual([
      [3, THREE.timed],
      [1, ONE.timed],
    ]);
    expect(wallMs).toBe(250);
  });

  it('goes on behind the last line that was written to its end, wherever it broke', () => {
    const text = Buffer.from(filled());
    const ends = [...text.entries()].filter(([, byte]) => byte === 10).map(([at]) => at);
    const inText = text.indexOf('ö');
    for (const length of [0, 1, inText, inText + 1, ...ends.flatMap((end) => [end - 1, end, end + 1])]) {
      writeFileSync(path, text.subarray(0, length));
      const file = open();
      const lines = ends.filter((end) => end < length).length;
      expect(file.outcomes.size).toBe(Math.max(0, lines - 1));
      file.add({ ...THREE, place: 5, timed: { ...THREE.timed, outcome: outcome({ seed: 5 }) } });
      expect(open().outcomes.get(5)?.outcome).toEqual(outcome({ seed: 5 }));
      expect(open().outcomes.size).toBe(file.outcomes.size + 1);
    }
  });

  it.each<[Partial<RunOf>, string]>([
    [{ sources: 'b1b2c3d' }, 'its sources is "a1b2c3d", and here it is "b1b2c3d"'],
    [{ first: 2 }, 'its first is 1, and here it is 2'],
    [{ count: 41 }, 'its count is 9, and here it is 41'],
    [{ kept: [] }, 'its kept is ["fixtures/seeds/a.json"], and here it is []'],
    [{ setting: { ...SETTING, replicas: 2 } }, 'its setting is {'],
  ])('of another run is refused, and left as it is: %j', (change, why) => {
    const text = filled();
    expect(() => open(change)).toThrow(why);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it.each([
    ['"version":1', '"version":2', 'its version is 1, and here it is 1'],
    ['\n', '\r\n', 'its first line is not as it was written'],
  ])('whose first line has %j in place of %j is refused', (is, was, why) => {
    writeFileSync(path, filled().replaceAll(is, was));
    expect(() => open()).toThrow(why.replace('is 1, and', 'is 2, and'));
  });

  it.each([
    ['{}', 'is no outcome'],
    ['not JSON', 'is no outcome'],
    ['', 'is no outcome'],
    [JSON.stringify({ ...THREE.timed, place: 3 }), 'is no outcome'],
    [JSON.stringify({ ...THREE.timed, place: '3', wallMs: 1 }), 'is no outcome'],
    [JSON.stringify({ ...THREE.timed, place: 2, wallMs: 1 }), 'is of a seed that is not run'],
    [JSON.stringify({ ...THREE.timed, place: 3.5, wallMs: 1 }), 'is of a seed that is not run'],
    [JSON.stringify({ ...THREE.timed, place: 3, wallMs: 1 }), 'is of a seed that has one'],
  ])('with the line %j is refused by its number, and left as it is', (line, why) => {
    const text = filled();
    appendFileSync(path, `${line}\n`);
    expect(() => open()).toThrow(`line 4 ${why}`);
    expect(readFileSync(path, 'utf8')).toBe(`${text}${line}\n`);
  });

  it('that is none at all is refused, and left as it is', () => {
    for (const text of ['something else', 'something else\n', '[1]\n', '{}\n']) {
      writeFileSync(path, text);
      expect(() => open()).toThrow('it is no file of outcomes');
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
  });

  it('that is a device or a folder is refused', () => {
    for (const other of ['/dev/null', folder]) {
      expect(() => OutcomeFile.open(other, RUN, SEEDS)).toThrow(
        `${other} cannot be gone on with (--resume): it is no file.`,
      );
    }
  });

  it('is written to no more once somebody else writes to it, or took it away', () => {
    const file = open();
    const other = open();
    other.add(ONE);
    expect(() => file.add(THREE)).toThrow('it was changed or taken away while it was written');
    const size = statSync(path).size;
    rmSync(path);
    expect(() => other.add(THREE)).toThrow('it was changed or taken away while it was written');
    expect(size).toBeGreaterThan(0);
  });
});
