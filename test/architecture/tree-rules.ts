/** A file of the tree with its text; binary files do not occur. */
export interface File {
  readonly path: string;
  readonly text: string;
}

const FOLDERS = ['.ci', 'apps', 'contracts', 'docs', 'fixtures', 'libs', 'scripts', 'test'];

const ROOT_FILES = [
  '.editorconfig',
  '.gitattributes',
  '.gitignore',
  '.oxfmtrc.json',
  '.oxlintrc.json',
  '.swcrc',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'LICENSE',
  'README.md',
  'SECURITY.md',
  'jest.config.mjs',
  'nest-cli.json',
  'package-lock.json',
  'package.json',
  'stryker.config.mjs',
  'tsconfig.build.json',
  'tsconfig.json',
];

/** Longer files are read by nobody from top to bottom. */
const LINES = 250;

const isSource = (path: string): boolean =>
  /^(?:apps|libs|test)\/.*\.tsx?$/.test(path) && !path.endsWith('.generated.ts');
const isTest = (path: string): boolean => path.endsWith('.test.ts');
const isProduction = (path: string): boolean =>
  /^(?:apps|libs)\//.test(path) && !isTest(path) && !path.includes('/testing/');

/** Texts that a file may not hold, each with the files that it is about. */
const BANNED: readonly { readonly rule: string; readonly text: RegExp; readonly in: (path: string) => boolean }[] = [
  {
    rule: 'a test that does not run',
    text: /\b(?:it|test|describe)\s*\.\s*(?:skip|only|todo|failing)\b|\b[xf](?:it|describe|test)\s*\(/,
    in: isSource,
  },
  {
    rule: 'a lint suppression',
    text: /\b(?:oxlint|eslint|biome)-(?:disable|ignore)|@ts-(?:ignore|expect-error|nocheck)/,
    in: isSource,
  },
  { rule: 'something unfinished', text: /\b(?:TO[D]O|FIX[M]E|XX[X]|HAC[K])\b/, in: isSource },
  { rule: 'a mock of our own class', text: /\bjest\s*\.\s*(?:mock|spyOn|unstable_mockModule)\s*\(/, in: isSource },
  {
    rule: 'a swallowed error',
    text: /catch\s*(?:\([^)]*\))?\s*\{\s*\}|\.catch\(\(\)\s*=>\s*(?:\{\s*\}|undefined|null)\)/,
    in: isProduction,
  },
  {
    // Jest takes two errors for equal whose messages are.
    rule: 'an error that is compared by its message alone',
    text: /\.to(?:Equal|StrictEqual|Throw)\(\s*new \w+(?:Error|Passed|Refused|Unreachable)\(/,
    in: isTest,
  },
  { rule: 'an empty assertion', text: /\.toBeDefined\(\)|expect\((?:true|1)\)/, in: isTest },
];

/** What is wrong with the tree, a line each. */
export function faultsOf(files: readonly File[]): string[] {
  return files.flatMap(({ path, text }) => {
    const faults: string[] = [];
    const top = path.includes('/') ? path.slice(0, path.indexOf('/')) : null;
    if (top !== null && !FOLDERS.includes(top)) faults.push(`${path}: no folder of the house`);
    if (top === null && !ROOT_FILES.includes(path)) faults.push(`${path}: no file of the root`);
    const lines = text.split('\n').length - 1;
    if (isSource(path) && lines > LINES) faults.push(`${path}: ${lines} lines, at most ${LINES}`);
    if (/(?:^|\/)(?:\.gitkeep|\.keep)$/.test(path)) faults.push(`${path}: a placeholder`);
    if (isSource(path) && text.trim() === '') faults.push(`${path}: an empty file`);
    const banned = BANNED.filter((ban) => ban.in(path) && ban.text.test(text));
    return [...faults, ...banned.map(({ rule }) => `${path}: ${rule}`)];
  });
}
