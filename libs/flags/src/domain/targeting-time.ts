import type { JsonValue } from '#libs/kernel';
import type { Flag } from './flag.ts';

/** Where the instant stands in the context that rules are given: theirs to read, as `$flagd.timestamp` is. */
export const OWN_CONTEXT = '$ptt';

const known = new WeakMap<Flag, boolean>();

/**
 * Whether the rule may answer otherwise only because time went on: it reads the instant, by flagd's name or ours,
 * or a name that the rule itself makes up. Looked at once for each version of a definition.
 */
export function readsTime(flag: Flag): boolean {
  let answer = known.get(flag);
  if (answer === undefined) {
    answer = mayReadTime(flag.targeting);
    known.set(flag, answer);
  }
  return answer;
}

function mayReadTime(expression: JsonValue): boolean {
  if (expression === null || typeof expression !== 'object') return false;
  // Of a list the names are numbers, and no operators.
  return Object.entries(expression).some(([operator, operand]) =>
    operator === 'var' || operator === 'val' ? mayNameTime(operand) : mayReadTime(operand),
  );
}

/** Only a name that stands there as text, and is of the caller's context, is sure to be none of time's. */
function mayNameTime(operand: JsonValue): boolean {
  const [name, ...others] = isList(operand) ? operand : [operand];
  return typeof name !== 'string' || !isCallers(name) || others.some(mayReadTime);
}

function isCallers(name: string): boolean {
  return name !== '' && !['$flagd', OWN_CONTEXT, '../'].some((others) => name.startsWith(others));
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
