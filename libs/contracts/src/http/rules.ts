import { buildMessage, ValidateBy, ValidateIf } from 'class-validator';
import { isRecord, LIMITS, parseInstant } from '#libs/kernel';

// The same sets as in contracts/common.schema.json; tab and line ends are a text's own.
const CONTROL_IN_LINE = /[^\P{Cc}\u0080-\u009f]/u;
const CONTROL_IN_TEXT = /[^\P{Cc}\u0080-\u009f\t\n\r]/u;

function isWritten(value: unknown, max: number, forbidden: RegExp): value is string {
  return (
    typeof value === 'string' && value !== '' && value.length <= max && value.isWellFormed() && !forbidden.test(value)
  );
}

function rule(name: string, holds: (value: unknown) => boolean, message: string): PropertyDecorator {
  return ValidateBy({ name, validator: { validate: holds, defaultMessage: buildMessage(() => message) } });
}

/** May be left out. Unlike class-validator's IsOptional it does not take null for left out. */
export function MayBeAbsent(): PropertyDecorator {
  return ValidateIf((_, value: unknown) => value !== undefined);
}

/** A tenant, user, target, row or role: 1 to 256 UTF-16 units, no control characters, no broken Unicode. */
export function IsId(): PropertyDecorator {
  return isIdOf(LIMITS.subjectIdLength);
}

/** The id of a target as records have it: 1 to 4,096 UTF-16 units, as contracts/audit/envelope.v1.schema.json has it. */
export function IsAuditTargetId(): PropertyDecorator {
  return isIdOf(LIMITS.auditTargetIdLength);
}

function isIdOf(maxLength: number): PropertyDecorator {
  return rule(
    'isId',
    (value) => isWritten(value, maxLength, CONTROL_IN_LINE),
    `must be a text of 1 to ${maxLength} characters, without control characters or broken Unicode`,
  );
}

/** A cursor holds a key, each unit of which takes up to nine characters when encoded, and base64url a third on top. */
const CURSOR_LENGTH = 8_192;

/** What may have been given as `next_cursor`; the list itself knows whether it was. */
export function IsCursor(): PropertyDecorator {
  return rule(
    'isCursor',
    (value) => isWritten(value, CURSOR_LENGTH, CONTROL_IN_LINE),
    'must be a next_cursor as it was given out',
  );
}

/** Any flagd key: 1 to 128 UTF-16 units. */
export function IsFlagKey(): PropertyDecorator {
  return rule(
    'isFlagKey',
    (value) => isWritten(value, LIMITS.flagKeyLength, CONTROL_IN_LINE),
    `must be a flag key of 1 to ${LIMITS.flagKeyLength} characters, without control characters or broken Unicode`,
  );
}

/** What a person wrote: 1 to 2,000 UTF-16 units; tab and line ends are the only control characters. */
export function IsText(): PropertyDecorator {
  return rule(
    'isText',
    (value) => isWritten(value, LIMITS.reasonLength, CONTROL_IN_TEXT),
    `must be a text of 1 to ${LIMITS.reasonLength} characters, without control characters or broken Unicode`,
  );
}

/** An RFC 3339 instant that exists. */
export function IsInstant(): PropertyDecorator {
  return rule(
    'isInstant',
    (value) => typeof value === 'string' && parseInstant(value) !== null,
    'must be an RFC 3339 instant such as 2027-01-31T00:00:00Z',
  );
}

/** A whole number from `min` to `max`; never a text that looks like one. */
export function IsWhole(min: number, max: number = Number.MAX_SAFE_INTEGER): PropertyDecorator {
  return rule(
    'isWhole',
    (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max,
    max === Number.MAX_SAFE_INTEGER
      ? `must be a whole number from ${min}`
      : `must be a whole number from ${min} to ${max}`,
  );
}

/** A flag's value: a boolean, a text, a finite number, or an object that nests no deeper than any body may. */
export function isVariantValue(value: unknown): boolean {
  return !Array.isArray(value) && value !== null && isCleanJson(value, LIMITS.jsonDepth);
}

function isCleanJson(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return isCleanText(value);
  if (typeof value === 'number') return Number.isFinite(value);
  if (value === null || typeof value === 'boolean') return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.every((item) => isCleanJson(item, depth - 1));
  return (
    isRecord(value) && Object.entries(value).every(([name, item]) => isCleanText(name) && isCleanJson(item, depth - 1))
  );
}

/** No store takes U+0000, and canonical JSON no broken Unicode. */
function isCleanText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000');
}

/** The override's value, or nothing where the variant is named instead. */
export function IsValueUnlessVariant(): PropertyDecorator {
  return ValidateBy({
    name: 'isValueUnlessVariant',
    validator: {
      validate: (value, at) => {
        const isVariantNamed = isRecord(at?.object) && at.object['variant'] !== undefined;
        return value === undefined ? isVariantNamed : !isVariantNamed && isVariantValue(value);
      },
      defaultMessage: buildMessage(
        () => 'give either value (a boolean, text, number or object) or variant, one of the two',
      ),
    },
  });
}

/** Not together with the named fields: one question names one thing. */
export function IsAlone(...others: readonly string[]): PropertyDecorator {
  return ValidateBy({
    name: 'isAlone',
    validator: {
      validate: (_, at) => {
        const { object } = at ?? {};
        return isRecord(object) && others.every((other) => object[other] === undefined);
      },
      defaultMessage: buildMessage(() => `cannot stand together with ${others.join(' or ')}`),
    },
  });
}
