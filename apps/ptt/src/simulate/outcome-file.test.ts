import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { failure, outcome, SETTING } from '#libs/sim/testing';
import { OutcomeFile, type RunOf } from './outcome-file.ts';

const RUN: RunOf = { commit: 'a1b2c3d', first: 1, count: 40, setting: SETTING, kept: ['fixtures/seeds/a.json'] };
const PASSED = {
  outcome: outcome({ seed: 4, plan: [{ kind: 'bus-cut', at: 1.5, forMs: 2, target: 0, size: 0.5 }] }),
  tookMs: 7.5,
};
const FAILED = { outcome: outcome({ seed: 2, failure: failure({ replica: null }) }), tookMs: 3 };

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ptt-outcomes-'));
  path = join(folder, 'outcomes.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const filled = (): string => {
  const file = OutcomeFile.open(path, RUN);
  file.add(3, PASSED, 100);
  file.add(1, FAILED, 250);
  return readFileSync(path, 'utf8');
};

describe('a file of outcomes', () => {
  it('has them again, and what was spent on them', () => {
    expect(OutcomeFile.open(path, RUN)).toMatchObject({ outcomes: new Map(), wallMs: 0 });
    filled();
    const { outcomes, wallMs } = OutcomeFile.open(path, RUN);
    expect([...outcomes]).toEqual([
      [3, PASSED],
      [1, FAILED],
    ]);
    expect(wallMs).toBe(250);
  });

  it('goes on behind the last line that was written to its end, wherever it broke', () => {
    const text = filled();
    for (let length = 0; length < text.length; length += 1) {
      writeFileSync(path, text.slice(0, length));
      const { outcomes } = OutcomeFile.open(path, RUN);
      const whole = text.slice(0, length).split('\n').length - 1;
      expect(outcomes.size).toBe(Math.max(0, whole - 1));
      OutcomeFile.open(path, RUN).add(5, PASSED, 1);
      expect(OutcomeFile.open(path, RUN).outcomes.get(5)).toEqual(PASSED);
    }
  });

  it.each<[Partial<RunOf>, string]>([
    [{ commit: 'b1b2c3d' }, 'its commit is "a1b2c3d", and here it is "b1b2c3d"'],
    [{ first: 2 }, 'its first is 1, and here it is 2'],
    [{ count: 41 }, 'its count is 40, and here it is 41'],
    [{ kept: [] }, 'its kept is ["fixtures/seeds/a.json"], and here it is []'],
    [{ setting: { ...SETTING, replicas: 2 } }, 'its setting is {'],
  ])('of another run is refused, and left as it is: %j', (change, why) => {
    const text = filled();
    expect(() => OutcomeFile.open(path, { ...RUN, ...change })).toThrow(why);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('of another version is refused', () => {
    const text = filled().replace('"version":1', '"version":2');
    writeFileSync(path, text);
    expect(() => OutcomeFile.open(path, RUN)).toThrow('its version is 2, and here it is 1');
  });

  it.each(['{}', 'not JSON', '{"place":1}', '{"place":9,"tookMs":1,"wallMs":1,"outcome":{"seed":1}}', ''])(
    'with the line %j is refused by its number',
    (line) => {
      const text = filled();
      appendFileSync(path, `${line}\n`);
      expect(() => OutcomeFile.open(path, RUN)).toThrow('line 4 is no outcome');
      expect(readFileSync(path, 'utf8')).toBe(`${text}${line}\n`);
    },
  );

  it('that is a device or a folder is refused', () => {
    expect(() => OutcomeFile.open('/dev/null', RUN)).toThrow(
      '/dev/null cannot be gone on with (--resume): it is no file.',
    );
    expect(() => OutcomeFile.open(folder, RUN)).toThrow('it is no file');
  });

  it('that is none at all is refused, and left as it is', () => {
    for (const text of ['something else', 'something else\n', '[1]\n']) {
      writeFileSync(path, text);
      expect(() => OutcomeFile.open(path, RUN)).toThrow('it is no file of outcomes');
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
  });
});
