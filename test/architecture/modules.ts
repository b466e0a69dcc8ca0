import { posix } from 'node:path';
import ts from 'typescript';

/** A source file with what it imports; every import is resolved to a file of ours, or left as it is written. */
export interface Module {
  readonly path: string;
  readonly imports: readonly Import[];
}

export interface Import {
  readonly specifier: string;
  /** The file that it leads to, for relative imports and `#libs/…`, `#apps/…`; else null. */
  readonly file: string | null;
}

const DOORS = /^#(libs|apps)\/([^/]+)(\/(?:testing|models))?$/;

function fileOf(path: string, specifier: string): string | null {
  if (specifier.startsWith('.')) return posix.normalize(posix.join(posix.dirname(path), specifier));
  const door = DOORS.exec(specifier);
  return door === null ? null : `${door[1]}/${door[2]}/src${door[3] ?? ''}/index.ts`;
}

/** Every static, type-only and dynamic import and re-export of a text. */
export function moduleOf(path: string, text: string): Module {
  const { importedFiles } = ts.preProcessFile(text, true, true);
  return {
    path,
    imports: importedFiles.map(({ fileName }) => ({ specifier: fileName, file: fileOf(path, fileName) })),
  };
}

/** Each cycle once, as the files on it. Doors count: a way through another lib's index is a way. */
export function cyclesOf(modules: readonly Module[]): string[] {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const walk = (path: string, way: readonly string[]): void => {
    const since = way.indexOf(path);
    if (since >= 0) cycles.push([...way.slice(since), path].join(' → '));
    if (since >= 0 || done.has(path)) return;
    for (const { file } of byPath.get(path)?.imports ?? []) {
      if (file !== null) walk(file, [...way, path]);
    }
    done.add(path);
  };
  for (const { path } of modules) walk(path, []);
  return cycles;
}
