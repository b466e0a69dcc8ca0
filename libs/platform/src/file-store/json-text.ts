import {
  applyEdits,
  findNodeAtLocation,
  modify,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
  visit,
} from 'jsonc-parser';
import { type Fault, type JsonValue, parseJson, PttError } from '#libs/kernel';
import type { FileFault } from './notice.ts';

/** A file that somebody wrote, read; or all that is wrong with it. */
export type JsonText = { readonly value: JsonValue } | { readonly faults: readonly FileFault[] };

/** Reads strict JSON in UTF-8; a byte order mark is passed over, since some editors put one there. */
export function readJson(bytes: Uint8Array): JsonText {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { faults: [{ pointer: '', line: 1, column: 1, detail: 'The file is not UTF-8.' }] };
  }
  try {
    return { value: parseJson(text) };
  } catch {
    return { faults: syntaxFaults(text) };
  }
}

function syntaxFaults(text: string): readonly FileFault[] {
  const errors: ParseError[] = [];
  try {
    visit(
      text,
      { onError: (error, offset, length) => errors.push({ error, offset, length }) },
      { disallowComments: true },
    );
  } catch {
    // It recurses, and a file can be nested more deeply than the stack is; JSON.parse has refused it by then.
  }
  // Those after the first only follow from it; and JSON.parse refuses a little more, such as a tab within a string.
  const [first] = errors;
  if (first === undefined) return [{ pointer: '', line: 1, column: 1, detail: 'The file is not JSON.' }];
  const detail = `The file is not JSON here: ${inWords(printParseErrorCode(first.error))}.`;
  return [faultAt(text, first.offset, '', detail)];
}

const inWords = (code: string): string => code.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();

/** The places of faults that were found in the value of a text. */
export function locate(bytes: Uint8Array, faults: readonly Fault[]): readonly FileFault[] {
  const text = new TextDecoder().decode(bytes);
  const root = treeOf(text);
  return faults.map(({ pointer, detail }) => faultAt(text, nearest(root, pointer), pointer, detail));
}

/** The parser recurses, so a document nested deeply enough has no tree; its faults are then placed at its beginning. */
function treeOf(text: string): Node | undefined {
  try {
    return parseTree(text);
  } catch {
    return undefined;
  }
}

/** The text of an object with one more member, and otherwise as it was. */
export function withMember(bytes: Uint8Array, name: string, value: object): string {
  const text = new TextDecoder().decode(bytes);
  return applyEdits(text, modify(text, [name], value, {}));
}

/** What an error has to say of a document, as faults with JSON pointers. */
export function faultsOf(error: unknown): readonly Fault[] {
  if (error instanceof PttError) {
    if (error.faults.length > 0) return error.faults;
    return [{ pointer: error.pointer ?? '', detail: error.message }];
  }
  return [{ pointer: '', detail: error instanceof Error ? error.message : String(error) }];
}

/** Where the value at a pointer begins, or else the innermost one around it that there is. */
function nearest(root: Node | undefined, pointer: string): number {
  if (root === undefined) return 0;
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  let node = root;
  for (const step of steps) {
    const inner = findNodeAtLocation(node, [node.type === 'array' ? Number(step) : step]);
    if (inner === undefined) break;
    node = inner;
  }
  return node.offset;
}

function faultAt(text: string, offset: number, pointer: string, detail: string): FileFault {
  const before = text.slice(0, offset);
  return { pointer, line: before.split('\n').length, column: offset - before.lastIndexOf('\n'), detail };
}
