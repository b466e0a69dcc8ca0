import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROOT } from './repository.ts';

/** Every ban of the lint with one line that breaks it, in a file of a use case. */
const PLANTED: readonly (readonly [rule: string, name: string, text: string])[] = [
  ['ptt(ambient)', 'date-now', `export const at = Date.now();`],
  ['ptt(ambient)', 'date-now-global', `export const at = globalThis.Date.now();`],
  ['ptt(ambient)', 'date-now-taken', `const { now } = Date;\nexport const at = now();`],
  ['ptt(ambient)', 'new-date', `export const at = new Date();`],
  ['ptt(ambient)', 'date-call', `export const at = Date();`],
  ['ptt(ambient)', 'performance', `export const at = performance.now();`],
  [
    'ptt(ambient)',
    'perf-hooks',
    `import { performance as clock } from 'node:perf_hooks';\nexport const at = clock.now();`,
  ],
  ['ptt(ambient)', 'hrtime', `export const at = process.hrtime.bigint();`],
  ['ptt(ambient)', 'math-random', `export const dice = Math.random();`],
  ['ptt(ambient)', 'math-random-computed', `export const dice = Math['random']();`],
  ['ptt(ambient)', 'random-bytes', `import { randomBytes } from 'node:crypto';\nexport const salt = randomBytes(8);`],
  ['ptt(ambient)', 'random-bytes-star', `import * as all from 'node:crypto';\nexport const salt = all.randomBytes(8);`],
  ['ptt(ambient)', 'web-crypto', `export const salt = crypto.getRandomValues(new Uint8Array(8));`],
  ['ptt(ambient)', 'uuid', `import { randomUUID } from 'node:crypto';\nexport const id = randomUUID();`],
  ['ptt(ambient)', 'uuid-global', `export const id = crypto.randomUUID();`],
  ['ptt(ambient)', 'timeout', `setTimeout(() => undefined, 5);`],
  ['ptt(ambient)', 'timeout-value', `export const wait = setTimeout;`],
  ['ptt(ambient)', 'interval', `setInterval(() => undefined, 5);`],
  ['ptt(ambient)', 'immediate', `setImmediate(() => undefined);`],
  ['ptt(ambient)', 'next-tick', `process.nextTick(() => undefined);`],
  ['ptt(ambient)', 'timers', `import { setTimeout as wait } from 'node:timers/promises';\nawait wait(5);`],
  ['ptt(ambient)', 'abort-timeout', `export const signal = AbortSignal.timeout(5);`],
  ['ptt(ambient)', 'environment', `export const home = process.env['HOME'];`],
  ['eslint(no-console)', 'console', `console.log('x');`],
  ['import(no-cycle)', 'cycle-a', `import { b } from './cycle-b.ts';\nexport const a = (): number => b();`],
  ['typescript(ban-ts-comment)', 'suppressed', ['// @ts-', 'ignore\nexport const a: number = 1;'].join('')],
  ['typescript(no-explicit-any)', 'any', `export const a = (b: any): number => (b === 1 ? 1 : 2);`],
  ['typescript(no-floating-promises)', 'floating', `const f = async (): Promise<void> => {};\nf();`],
  [
    'typescript(no-misused-promises)',
    'misused',
    `const f = async (): Promise<boolean> => true;\nexport const a = f() ? 1 : 2;`,
  ],
  ['typescript(no-non-null-assertion)', 'non-null', `export const a = (b: string | null): string => b!;`],
  ['typescript(no-unsafe-type-assertion)', 'cast', `export const a = (b: unknown): number => b as number;`],
  [
    'typescript(switch-exhaustiveness-check)',
    'switch',
    `export function a(b: 'x' | 'y'): void {\n  switch (b) {\n    case 'x':\n      break;\n  }\n}`,
  ],
];

/** Where the ports are made real, the ambient ones may be used. */
const ALLOWED = [
  'libs/platform/src/time/clock.ts',
  'libs/flags/src/adapters/file.ts',
  'apps/ff/src/main.ts',
  'test/bench/main.ts',
  'scripts/some.ts',
];

interface Finding {
  readonly code: string;
  readonly filename: string;
}

let folder = '';
let findings: readonly Finding[] = [];

const plant = (path: string, text: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), `${text}\n`);
};

function lint(): Promise<string> {
  const oxlint = join(ROOT, 'node_modules', 'oxlint', 'bin', 'oxlint');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [oxlint, '--format=json', 'apps', 'libs', 'test', 'scripts'],
      { cwd: folder },
      (_, out) => resolve(out),
    );
  });
}

function findingsOf(output: string): Finding[] {
  const parsed: { diagnostics: Finding[] } = JSON.parse(output);
  return parsed.diagnostics;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ptt-lint-'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const file of ['.oxlintrc.json', 'tsconfig.json', 'package.json'])
    copyFileSync(join(ROOT, file), join(folder, file));
  mkdirSync(join(folder, 'scripts', 'lint'), { recursive: true });
  copyFileSync(join(ROOT, 'scripts/lint/ambient.mjs'), join(folder, 'scripts/lint/ambient.mjs'));
  for (const [, name, text] of PLANTED) plant(`libs/flags/src/use-cases/${name}.ts`, text);
  plant(
    'libs/flags/src/use-cases/cycle-b.ts',
    `import { a } from './cycle-a.ts';\nexport const b = (): number => a();`,
  );
  plant('libs/flags/src/use-cases/clean.ts', `export const at = (now: number): Date => new Date(now);`);
  for (const path of ALLOWED) plant(path, `export const at = Date.now();`);
  findings = findingsOf(await lint());
}, 30_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const codesIn = (path: string): string[] =>
  findings.filter(({ filename }) => filename === path).map(({ code }) => code);

describe('the lint', () => {
  it.each(PLANTED)('reports %s, planted in %s.ts', (rule, name) => {
    expect(codesIn(`libs/flags/src/use-cases/${name}.ts`)).toContain(rule);
  });

  it('lets a rule make a date of an instant that it was given', () => {
    expect(codesIn('libs/flags/src/use-cases/clean.ts')).toEqual([]);
  });

  it.each(ALLOWED)('lets %s read the clock', (path) => {
    expect(codesIn(path)).toEqual([]);
  });
});
