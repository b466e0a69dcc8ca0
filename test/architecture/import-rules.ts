import type { Import, Module } from './modules.ts';

/** The closed set of import rules; ARCHITECTURE.md, "Who may import whom". */
export type Rule =
  | 'app-imports-app'
  | 'context-imports-context'
  | 'lib-imports-app'
  | 'lib-not-allowed'
  | 'package-not-allowed'
  | 'part-not-allowed'
  | 'past-the-door'
  | 'production-imports-testing'
  | 'unknown-room';

export interface Violation {
  readonly rule: Rule;
  readonly path: string;
  readonly specifier: string;
}

interface Allowed {
  readonly libs: readonly string[];
  /** Packages by name or by scope (`@nestjs/`); `node:` stands for Node's own. */
  readonly packages: readonly string[];
}

const CONTEXTS = ['flags', 'approvals'];
const NEST = ['@nestjs/common', '@nestjs/cqrs'];

const LIBS: Readonly<Record<string, Allowed>> = {
  kernel: { libs: [], packages: ['canonicalize', 'node:crypto'] },
  contracts: {
    libs: ['kernel'],
    packages: ['ajv', 'class-validator', 'class-transformer', '@nestjs/swagger'],
  },
  flags: { libs: ['kernel', 'contracts'], packages: NEST },
  approvals: { libs: ['kernel', 'contracts'], packages: NEST },
  gate: { libs: ['kernel', 'contracts'], packages: [] },
  bus: { libs: ['kernel', 'contracts'], packages: ['@nestjs/common', '@nestjs/microservices', 'rxjs'] },
  cache: { libs: ['kernel', 'contracts'], packages: ['@nestjs/common'] },
  identity: { libs: ['kernel', 'contracts'], packages: ['jose', 'fastify', '@nestjs/common', 'node:'] },
  audit: { libs: ['kernel', 'contracts'], packages: [...NEST, 'node:'] },
  platform: {
    libs: ['kernel', 'contracts'],
    packages: [
      '@nestjs/',
      'fastify',
      'rxjs',
      'ajv',
      'class-validator',
      'class-transformer',
      'jsonc-parser',
      'pino',
      'prom-client',
      'node:',
    ],
  },
  sim: {
    libs: ['kernel', 'contracts', 'flags', 'approvals', 'gate', 'bus', 'cache', 'identity', 'audit', 'platform'],
    packages: ['@nestjs/common', '@nestjs/core', '@nestjs/cqrs'],
  },
};

/** The drivers of a lib's adapters. */
const DRIVERS: Readonly<Record<string, readonly string[]>> = {
  flags: ['@openfeature/core', '@openfeature/flagd-core', 'node:'],
  approvals: ['node:'],
  audit: ['node:'],
};

/** A lib's folders with rules of their own, each with the folders beside it that it may use. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  domain: ['domain'],
  ports: ['domain', 'ports', 'events'],
  events: ['domain', 'ports', 'events'],
  'use-cases': ['domain', 'ports', 'events', 'use-cases'],
  adapters: ['domain', 'ports', 'events', 'adapters'],
  report: ['report'],
};

interface Place {
  readonly top: string;
  readonly name: string;
  /** `domain`, `ports`, …; null at the root of a lib, in a folder without rules of its own, and in apps. */
  readonly part: string | null;
  readonly isTest: boolean;
}

function placeOf(path: string): Place {
  const [top = '', name = '', , folder = ''] = path.split('/');
  const isTest = path.endsWith('.test.ts') || path.includes('/testing/');
  return { top, name, part: top === 'libs' && folder in PARTS ? folder : null, isTest };
}

function allowedIn({ name, part }: Place): Allowed | null {
  const lib = LIBS[name];
  if (lib === undefined) return null;
  if (part === 'domain') return { libs: ['kernel'], packages: name === 'audit' ? ['node:crypto'] : [] };
  if (part === 'report') return { libs: [], packages: ['node:crypto', 'node:fs', 'node:module'] };
  if (part === 'adapters')
    return { libs: [...lib.libs, 'platform', 'cache'], packages: [...NEST, ...(DRIVERS[name] ?? [])] };
  return lib;
}

const isListed = (specifier: string, packages: readonly string[]): boolean =>
  packages.some((name) => specifier === name || specifier.startsWith(/[/:]$/.test(name) ? name : `${name}/`));

/** The rules that one import breaks. */
function broken(from: Place, { specifier, file }: Import): Rule | null {
  if (file === null) return brokenByPackage(from, specifier);
  const to = placeOf(file);
  const isNeighbour = from.top !== to.top || from.name !== to.name;
  if (!from.isTest && to.isTest) return 'production-imports-testing';
  if (isNeighbour && specifier.startsWith('.')) return 'past-the-door';
  if (from.top === 'libs' && to.top === 'apps') return 'lib-imports-app';
  if (from.top === 'apps') {
    return to.top === 'apps' && isNeighbour && from.name !== 'ptt' ? 'app-imports-app' : null;
  }
  return isNeighbour ? brokenByLib(from, to) : brokenByPart(from, to);
}

function brokenByPackage(from: Place, specifier: string): Rule | null {
  if (specifier.startsWith('#')) return 'past-the-door';
  if (from.isTest || from.top === 'apps') return null;
  return isListed(specifier, allowedIn(from)?.packages ?? []) ? null : 'package-not-allowed';
}

function brokenByLib(from: Place, to: Place): Rule | null {
  if (CONTEXTS.includes(from.name) && CONTEXTS.includes(to.name)) return 'context-imports-context';
  if (from.isTest && (to.isTest || to.name === 'platform')) return null;
  return allowedIn(from)?.libs.includes(to.name) === true ? null : 'lib-not-allowed';
}

function brokenByPart(from: Place, to: Place): Rule | null {
  if (from.isTest || from.part === null) return null;
  return to.part !== null && PARTS[from.part]?.includes(to.part) === true ? null : 'part-not-allowed';
}

/** Holds every module of apps/ and libs/ against the table of ARCHITECTURE.md. */
export function violationsOf(modules: readonly Module[]): Violation[] {
  return modules.flatMap(({ path, imports }) => {
    const from = placeOf(path);
    if (from.top === 'libs' && LIBS[from.name] === undefined) {
      return [{ rule: 'unknown-room', path, specifier: '' } satisfies Violation];
    }
    return imports.flatMap((found) => {
      const rule = broken(from, found);
      return rule === null ? [] : [{ rule, path, specifier: found.specifier }];
    });
  });
}
