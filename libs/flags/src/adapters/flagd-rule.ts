import type { Instant, JsonObject, JsonValue } from '#libs/kernel';
import { isJsonObject } from '../domain/fields.ts';
import { OWN_CONTEXT } from '../domain/targeting-time.ts';

/**
 * Makes flagd's evaluator say two things that it does not say by itself.
 *
 * Split: a variant counts as won by `fractional` when the rule's result came out of a `fractional`, at its top or
 * through branches of `if`. The variants in such buckets are marked; the mark comes back with the result. A
 * `fractional` inside a condition only helps to choose a branch, so it marks nothing.
 *
 * Time: flagd-core reads the ambient clock for `$flagd.timestamp`, so rules are made to read our instant instead.
 */
export function preparedRule(rule: JsonObject): JsonObject {
  const prepared = withOwnTime(marked(rule));
  return isJsonObject(prepared) ? prepared : rule;
}

const MARK = '\u0000split:';

export function splitVariant(variant: string): string {
  return `${MARK}${variant}`;
}

/** The variant's own name, where a split won it. */
export function variantOfSplit(variant: string): string | null {
  return variant.startsWith(MARK) ? variant.slice(MARK.length) : null;
}

/** The context with the instant that prepared rules read, in whole seconds as flagd has it. */
export function withInstant(context: JsonObject, at: Instant): JsonObject {
  return { ...context, [OWN_CONTEXT]: { timestamp: Math.floor(at / 1_000) } };
}

/** The expression, with the buckets marked of each `fractional` that can be its result. */
function marked(expression: JsonValue): JsonValue {
  const { operator, operands } = operationOf(expression);
  if (operator === 'if')
    return { if: operands.map((operand, index) => (isBranch(operands, index) ? marked(operand) : operand)) };
  if (operator === 'fractional')
    return { fractional: operands.map((operand) => (isBucket(operand) ? markedBucket(operand) : operand)) };
  return expression;
}

function markedBucket([variant, ...weight]: readonly JsonValue[]): JsonValue {
  return [markedVariant(variant ?? null), ...weight];
}

/** The variant's name with the mark before it; nothing stays nothing, which means the default. */
function markedVariant(variant: JsonValue): JsonValue {
  if (variant === null) return null;
  if (typeof variant !== 'object') return splitVariant(String(variant));
  const { operator, operands } = operationOf(variant);
  if (operator === 'if')
    return { if: operands.map((operand, index) => (isBranch(operands, index) ? markedVariant(operand) : operand)) };
  if (operator === 'fractional') return marked(variant);
  return { if: [{ '===': [variant, null] }, null, { cat: [MARK, variant] }] };
}

function operationOf(expression: JsonValue): { operator: string | null; operands: readonly JsonValue[] } {
  if (!isJsonObject(expression)) return { operator: null, operands: [] };
  const [entry, ...others] = Object.entries(expression);
  if (entry === undefined || others.length > 0 || !isList(entry[1])) return { operator: null, operands: [] };
  return { operator: entry[0], operands: entry[1] };
}

/** `[condition, branch, condition, branch, …, otherwise]`; a lone operand is both, and left alone. */
function isBranch(operands: readonly JsonValue[], index: number): boolean {
  return index % 2 === 1 || (index === operands.length - 1 && index > 0);
}

function isBucket(operand: JsonValue): operand is readonly JsonValue[] {
  return isList(operand) && operand.length > 0;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

const TIMESTAMP = '$flagd.timestamp';

function withOwnTime(expression: JsonValue): JsonValue {
  if (isList(expression)) return expression.map(withOwnTime);
  if (!isJsonObject(expression)) return expression;
  return Object.fromEntries(
    Object.entries(expression).map(([operator, operand]) => [
      operator,
      operator === 'var' ? ownPath(operand) : operator === 'val' ? ownSteps(operand) : withOwnTime(operand),
    ]),
  );
}

/** `{"var": "$flagd.timestamp"}`, alone or with a fallback. */
function ownPath(operand: JsonValue): JsonValue {
  if (operand === TIMESTAMP) return `${OWN_CONTEXT}.timestamp`;
  if (!isList(operand)) return withOwnTime(operand);
  return operand.map((one, index) => (index === 0 ? ownPath(one) : withOwnTime(one)));
}

/** `{"val": ["$flagd", "timestamp"]}`. */
function ownSteps(operand: JsonValue): JsonValue {
  if (!isList(operand)) return withOwnTime(operand);
  const [first, second] = operand;
  if (operand.length === 2 && first === '$flagd' && second === 'timestamp') return [OWN_CONTEXT, 'timestamp'];
  return operand.map(withOwnTime);
}
