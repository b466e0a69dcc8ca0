import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

/** The parts of `<ptt-replay>`, each after what it uses. The ones outside browser/ touch no page and run anywhere. */
const PARTS = [
  'timeline',
  'words',
  'player',
  'browser/dom',
  'browser/style',
  'browser/paint',
  'browser/scene',
  'browser/captions',
  'browser/arrows',
  'browser/marks',
  'browser/lanes',
  'browser/strip',
  'browser/help',
  'browser/events',
  'browser/controls',
  'browser/replay',
];

/** Sources lie beside the source; compiled parts where this file was compiled to, though it be built into dist/ptt.js. */
const IS_SOURCE = import.meta.url.endsWith('.ts');
const HERE = /\/report\/script\.[jt]s$/.test(import.meta.url)
  ? import.meta.url
  : new URL('libs/sim/src/report/script.js', import.meta.url).href;

function partOf(name: string): string {
  const text = readFileSync(new URL(`./${name}.${IS_SOURCE ? 'ts' : 'js'}`, HERE), 'utf8');
  const code = IS_SOURCE ? stripTypeScriptTypes(text) : text;
  return code
    .replaceAll(/^import [^;]*;$/gm, '')
    .replaceAll(/^export (?!\{)/gm, '')
    .replaceAll(/^\/\/# sourceMappingURL=.*$/gm, '')
    .trim();
}

let script: string | null = null;

/**
 * The module that defines `<ptt-replay>`, as one text. The parts import only one another, so one scope for all of
 * them takes the place of a bundler; two parts with the same name in it would not parse.
 */
export function replayScript(): string {
  script ??= PARTS.map(partOf).join('\n');
  return script;
}
