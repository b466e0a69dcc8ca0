import { rename, utimes, writeFile } from 'node:fs/promises';
import { expect } from '@jest/globals';
import type { JsonObject } from '#libs/kernel';
import type { LoggedLine } from '#libs/platform/testing';
import type { RunningPlane } from '../../support/running-plane.ts';

export interface BadFile {
  readonly what: string;
  /** What becomes of the file's text. */
  readonly spoil: (text: string) => string | Uint8Array;
  /** What the place of the first fault begins with, in the spoilt text; null for the beginning of the file. */
  readonly at: string | RegExp | null;
  readonly pointer: string;
}

/** One text in place of another, which must be there. */
export function swap(from: string | RegExp, to: string): (text: string) => string {
  return (text) => {
    const spoilt = text.replace(from, to);
    if (spoilt === text) throw new Error(`${String(from)} is not in the file`);
    return spoilt;
  };
}

const UNREADABLE: readonly BadFile[] = [
  { what: 'is empty', spoil: () => '', at: null, pointer: '' },
  { what: 'has a comma too many', spoil: (text) => text.replace(/\n\}\s*$/, ',\n}\n'), at: /\}\s*$/, pointer: '' },
  { what: 'has a comment', spoil: (text) => text.replace('{\n', '{\n// why\n'), at: '// why', pointer: '' },
  {
    what: 'is not UTF-8',
    spoil: (text) => Buffer.concat([Buffer.from(text), Buffer.from([0xff])]),
    at: null,
    pointer: '',
  },
  { what: 'is nested beyond the stack', spoil: () => '['.repeat(100_000), at: null, pointer: '' },
  { what: 'is a list', spoil: () => '[]\n', at: null, pointer: '/journal' },
  {
    what: 'has an unknown member at its top',
    spoil: (text) => text.replace('{\n', '{ "extra": 1,\n'),
    at: '1,',
    pointer: '/extra',
  },
  { what: 'is null', spoil: () => 'null', at: null, pointer: '/journal' },
];

export const FLAG = '"ff.example": {';

export const FILES: readonly { readonly path: string; readonly look: string; readonly bad: readonly BadFile[] }[] = [
  {
    path: 'ff/registry.json',
    look: '/v1/flags',
    bad: [
      {
        what: 'has an unknown member',
        spoil: swap(FLAG, `${FLAG} "sensitiv": true,`),
        at: /(?<="sensitiv": )true/,
        pointer: '/flags/ff.example/sensitiv',
      },
      {
        what: 'has "false" for false',
        spoil: swap(FLAG, `${FLAG} "requires_approval": "false",`),
        at: '"false"',
        pointer: '/flags/ff.example/requires_approval',
      },
      {
        what: 'has a default that is no variant',
        spoil: swap(FLAG, `${FLAG} "defaultVariant": "toString", "x-": 1,`),
        at: '1,',
        pointer: '/flags/ff.example/x-',
      },
      {
        what: 'has a flag that is a text',
        spoil: swap('"flags": {', '"flags": { "ff.text": "on",'),
        at: '"on"',
        pointer: '/flags/ff.text',
      },
      {
        what: 'has a key that is none',
        spoil: swap('"flags": {', '"flags": { "": {},'),
        at: '{},',
        pointer: '/flags/',
      },
      {
        what: 'states another journal',
        spoil: swap('"line": ', '"line": 1'),
        at: /(?<="journal": )\{/,
        pointer: '/journal',
      },
    ],
  },
  {
    path: 'ff/override_examples.json',
    look: '/v1/flags/override/tenant/T-pty',
    bad: [
      {
        what: 'has an unknown member',
        spoil: swap('"subject_id": "T-pty"', '"subject_id": "T-pty", "extra": 1'),
        at: '1',
        pointer: '/tenant_overrides/0/extra',
      },
      {
        what: 'has an id that is a number',
        spoil: swap('"subject_id": "T-pty"', '"subject_id": 7'),
        at: '7',
        pointer: '/tenant_overrides/0/subject_id',
      },
      {
        what: 'has an instant that is none',
        spoil: swap(/(?<="set_at": ")\d{4}-\d\d-\d\d/, '2026-02-30'),
        at: '"2026-02-30',
        pointer: '/tenant_overrides/0/set_at',
      },
    ],
  },
  {
    path: 'admin/approval_examples.json',
    look: '/api/policy/approvals',
    bad: [
      {
        what: 'signs an approval that nobody signed',
        spoil: swap('"state": "signed_partial"', '"state": "signed_full"'),
        at: /\{\s+"id": "APP-100003/,
        pointer: '/approvals/2',
      },
      {
        what: 'brings a withdrawn approval back',
        spoil: swap('"state": "withdrawn"', '"state": "signed_full"'),
        at: /\{\s+"id": "APP-100005/,
        pointer: '/approvals/4',
      },
      {
        what: 'has an approval of unknown members',
        spoil: swap('"approvals": [', '"approvals": [ { "extra": 1 },'),
        at: '1 }',
        pointer: '/approvals/0/extra',
      },
      {
        what: 'leaves an approval out',
        spoil: swap(/"approvals": \[\s+\{[^]*?\n    \},/, '"approvals": ['),
        at: '[',
        pointer: '/approvals',
      },
    ],
  },
];

export const ROWS = FILES.flatMap(({ path, look, bad }) =>
  [...UNREADABLE, ...bad].map((file): [string, string, string, BadFile] => [path, file.what, look, file]),
);

/** Replaces a file as an editor does that saves atomically, and long enough ago not to be still at it. */
export async function save(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(`${path}.edit`, content);
  await utimes(`${path}.edit`, new Date(0), new Date(0));
  await rename(`${path}.edit`, path);
}

/** What a log says of the one rejected file. */
export function rejectionIn(lines: readonly LoggedLine[]): LoggedLine['fields'] {
  const found = lines.filter(({ message }) => message.includes('cannot be served'));
  expect(found).toHaveLength(1);
  return found[0]?.fields ?? {};
}

/** Line and column, counted from 1, of what a text has there. */
export function placeOf(text: string, at: BadFile['at']): { readonly line: number; readonly column: number } {
  const offset = at === null ? 0 : typeof at === 'string' ? text.indexOf(at) : text.search(at);
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** What a route answers to who may see all. */
export async function bodyAt(plane: RunningPlane, path: string): Promise<JsonObject> {
  const caller = path.startsWith('/api') ? await plane.admin() : await plane.ff();
  const { status, body } = await caller.get(path);
  expect(status).toBe(200);
  return body;
}
