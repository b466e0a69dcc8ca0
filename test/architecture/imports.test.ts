import { describe, expect, it } from '@jest/globals';
import { violationsOf, type Rule } from './import-rules.ts';
import { cyclesOf, moduleOf } from './modules.ts';
import { read, repositoryFiles } from './repository.ts';

const modules = repositoryFiles()
  .filter((path) => /^(?:apps|libs)\/.*\.ts$/.test(path))
  .map((path) => moduleOf(path, read(path)));

/** What a planted import is reported as. */
const reportOf = (path: string, text: string): readonly string[] =>
  violationsOf([moduleOf(path, text)]).map(({ rule }) => rule);

describe('who may import whom', () => {
  it('is kept by every source file', () => {
    expect(modules.length).toBeGreaterThan(100);
    expect(violationsOf(modules)).toEqual([]);
  });

  it.each<[Rule, string, string]>([
    ['context-imports-context', 'libs/flags/src/use-cases/a.ts', `import { sign } from '#libs/approvals';`],
    ['context-imports-context', 'libs/approvals/src/domain/a.ts', `import type { Flag } from '#libs/flags';`],
    ['context-imports-context', 'libs/approvals/src/domain/a.test.ts', `import { aFlag } from '#libs/flags/testing';`],
    ['lib-imports-app', 'libs/flags/src/use-cases/a.ts', `import { ff } from '#apps/ff';`],
    ['lib-imports-app', 'libs/platform/src/a.ts', `await import('#apps/ptt');`],
    ['app-imports-app', 'apps/ff/src/a.ts', `import { admin } from '#apps/admin';`],
    ['lib-not-allowed', 'libs/kernel/src/a.ts', `import { x } from '#libs/contracts';`],
    ['lib-not-allowed', 'libs/contracts/src/a.ts', `import { x } from '#libs/platform';`],
    ['lib-not-allowed', 'libs/flags/src/domain/a.ts', `import { x } from '#libs/contracts';`],
    ['lib-not-allowed', 'libs/flags/src/use-cases/a.ts', `import { x } from '#libs/platform';`],
    ['lib-not-allowed', 'libs/flags/src/ports/a.ts', `import { x } from '#libs/gate';`],
    ['lib-not-allowed', 'libs/flags/src/adapters/a.ts', `import { x } from '#libs/identity';`],
    ['lib-not-allowed', 'libs/gate/src/a.ts', `export * from '#libs/flags';`],
    ['lib-not-allowed', 'libs/bus/src/a.ts', `import { x } from '#libs/platform';`],
    ['lib-not-allowed', 'libs/cache/src/a.ts', `import { x } from '#libs/bus';`],
    ['lib-not-allowed', 'libs/identity/src/a.ts', `import { x } from '#libs/audit';`],
    ['lib-not-allowed', 'libs/audit/src/a.ts', `import { x } from '#libs/platform';`],
    ['lib-not-allowed', 'libs/platform/src/a.ts', `import { x } from '#libs/audit';`],
    ['package-not-allowed', 'libs/kernel/src/a.ts', `import { v4 } from 'uuid';`],
    ['package-not-allowed', 'libs/contracts/src/a.ts', `import { readFileSync } from 'node:fs';`],
    ['package-not-allowed', 'libs/flags/src/domain/a.ts', `import { CommandHandler } from '@nestjs/cqrs';`],
    ['package-not-allowed', 'libs/flags/src/domain/a.ts', `import { createHash } from 'node:crypto';`],
    ['package-not-allowed', 'libs/flags/src/use-cases/a.ts', `import { of } from 'rxjs';`],
    ['package-not-allowed', 'libs/flags/src/ports/a.ts', `import type { FastifyRequest } from 'fastify';`],
    ['package-not-allowed', 'libs/approvals/src/adapters/a.ts', `import { FlagdCore } from '@openfeature/flagd-core';`],
    ['package-not-allowed', 'libs/gate/src/a.ts', `import { request } from 'node:http';`],
    ['part-not-allowed', 'libs/flags/src/domain/a.ts', `import { FlagStore } from '../ports/flag-store.ts';`],
    ['part-not-allowed', 'libs/flags/src/domain/a.ts', `import { FlagStore } from '../index.ts';`],
    ['part-not-allowed', 'libs/flags/src/ports/a.ts', `import { SetOverride } from '../use-cases/set-override.ts';`],
    ['part-not-allowed', 'libs/flags/src/use-cases/a.ts', `import { FileStore } from '../adapters/file.ts';`],
    ['part-not-allowed', 'libs/flags/src/adapters/a.ts', `import { SetOverride } from '../use-cases/set-override.ts';`],
    ['lib-not-allowed', 'libs/sim/src/report/a.ts', `import { x } from '#libs/flags';`],
    ['package-not-allowed', 'libs/sim/src/a.ts', `import { readFileSync } from 'node:fs';`],
    ['part-not-allowed', 'libs/sim/src/report/browser/a.ts', `import { x } from '../../chance.ts';`],
    ['past-the-door', 'apps/ff/src/a.ts', `import { x } from '#libs/flags/src/domain/chain.ts';`],
    ['past-the-door', 'apps/ff/src/a.ts', `import { x } from '#libs/flags/domain';`],
    ['past-the-door', 'apps/ff/src/a.ts', `import { x } from '../../../libs/flags/src/index.ts';`],
    ['past-the-door', 'libs/flags/src/a.test.ts', `import { x } from '../../kernel/src/index.ts';`],
    ['past-the-door', 'apps/ptt/src/a.ts', `import { x } from '#apps/ff/testing/x';`],
    ['production-imports-testing', 'apps/ff/src/a.ts', `import { ManualClock } from '#libs/platform/testing';`],
    ['production-imports-testing', 'libs/flags/src/use-cases/a.ts', `import { aFlag } from '../testing/flags.ts';`],
    ['production-imports-testing', 'libs/gate/src/a.ts', `import { x } from './breaker.test.ts';`],
    ['unknown-room', 'libs/helpers/src/a.ts', ''],
  ])('reports %s, planted in %s: %s', (rule, path, text) => {
    expect(reportOf(path, text)).toEqual([rule]);
  });

  it.each([
    ['apps/ptt/src/a.ts', `import { startFf } from '#apps/ff';`],
    ['apps/ff/src/a.ts', `import { x } from '#libs/flags'; import { y } from '#libs/approvals';`],
    ['libs/flags/src/use-cases/a.ts', `import { x } from '../domain/chain.ts'; import { y } from '@nestjs/cqrs';`],
    ['libs/flags/src/adapters/a.ts', `import { FileStore } from '#libs/platform';`],
    [
      'libs/flags/src/domain/a.test.ts',
      `import { expect } from '@jest/globals'; import { aFlag } from '../testing/a.ts';`,
    ],
    ['libs/platform/src/a.ts', `import type { x } from 'fastify/types/schema.js';`],
  ])('lets %s have %s', (path, text) => {
    expect(reportOf(path, text)).toEqual([]);
  });
});

describe('cycles', () => {
  it('are nowhere, through doors neither', () => {
    expect(cyclesOf(modules)).toEqual([]);
  });

  it.each([
    ['two files', { 'libs/a/src/x.ts': `import './y.ts';`, 'libs/a/src/y.ts': `import type { X } from './x.ts';` }],
    ['a file and itself', { 'libs/a/src/x.ts': `import './x.ts';` }],
    [
      'two libs',
      {
        'libs/a/src/index.ts': `export * from './x.ts';`,
        'libs/a/src/x.ts': `import '#libs/b';`,
        'libs/b/src/index.ts': `export * from '#libs/a';`,
      },
    ],
  ])('are found between %s', (_, files) => {
    expect(cyclesOf(Object.entries(files).map(([path, text]) => moduleOf(path, text)))).toHaveLength(1);
  });

  it('are not seen in a diamond', () => {
    const files = {
      'a.ts': `import './b.ts'; import './c.ts';`,
      'b.ts': `import './d.ts';`,
      'c.ts': `import './d.ts';`,
      'd.ts': '',
    };
    expect(cyclesOf(Object.entries(files).map(([path, text]) => moduleOf(path, text)))).toEqual([]);
  });
});
