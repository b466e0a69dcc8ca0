import type { PipeTransform, Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync, type MetadataStorage, type ValidationError } from 'class-validator';
import { invariant, isRecord, LIMITS, PttError, type ErrorCode, type Fault } from '#libs/kernel';
import { listed, pointTo, quoted } from './pointer.ts';

/**
 * A pipe for a body that a class-validator class describes: `@Body(validateBody(IssueRequest)) body: IssueRequest`.
 * Unknown fields are refused, nothing is converted, every fault is named with its pointer.
 *
 * @throws PttError (the pipe) `unknown_field`, `missing_field` (also for no body at all) or `invalid_field`
 */
export function validateBody<T extends object>(dto: Type<T>): PipeTransform<unknown, T> {
  requireRules(dto);
  return {
    transform(value: unknown): T {
      // The JSON text `null` is nothing too, as it is where a compiled schema looks.
      if (value === undefined || value === null) {
        throw new PttError('missing_field', { detail: 'a body is required; send a JSON object', pointer: '#' });
      }
      if (!isRecord(value)) throw new PttError('invalid_field', { detail: 'the body must be an object', pointer: '#' });
      return validated(dto, value, '#');
    },
  };
}

/** Which parameters of a query are no texts. Only their canonical spelling is taken: `true`, `50`; never `1`, `0x32`. */
export interface QueryTypes<T> {
  readonly integers?: readonly (keyof T & string)[];
  readonly booleans?: readonly (keyof T & string)[];
}

/** The same for a whole query: `@Query(validateQuery(ListQuery, { integers: ['limit'] })) query: ListQuery`. */
export function validateQuery<T extends object>(dto: Type<T>, types: QueryTypes<T> = {}): PipeTransform<unknown, T> {
  requireRules(dto);
  const integers = new Set<string>(types.integers);
  const booleans = new Set<string>(types.booleans);
  return {
    transform(value: unknown): T {
      const read = Object.entries(isRecord(value) ? value : {}).map(([name, text]): [string, unknown] => {
        if (Array.isArray(text)) {
          const pointer = pointTo('#/query', name);
          throw new PttError('invalid_field', { detail: `${quoted(name)} is given more than once`, pointer });
        }
        if (integers.has(name)) return [name, integerIn(text)];
        return [name, booleans.has(name) ? booleanIn(text) : text];
      });
      return validated(dto, Object.fromEntries(read), '#/query');
    },
  };
}

function integerIn(text: unknown): unknown {
  return typeof text === 'string' && /^(?:0|-?[1-9]\d{0,14})$/.test(text) ? Number(text) : text;
}

function booleanIn(text: unknown): unknown {
  return text === 'true' ? true : text === 'false' ? false : text;
}

/** A class without rules would accept anything, or nothing, depending on the compiler: a mistake in the code. */
function requireRules(dto: Type<object>): void {
  invariant(knownFields(dto).length > 0, `${dto.name} has no class-validator rules: was it imported as a type?`);
}

function validated<T extends object>(dto: Type<T>, value: Readonly<Record<string, unknown>>, root: string): T {
  // A key of this name would replace the instance's prototype while it is copied.
  if (Object.hasOwn(value, '__proto__')) {
    throw new PttError('unknown_field', {
      detail: '"__proto__" is not known here',
      pointer: pointTo(root, '__proto__'),
    });
  }
  const instance = plainToInstance(dto, value, { enableImplicitConversion: false });
  const errors = validateSync(instance, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
  const faults = [...errors.flatMap((error) => faultsOf(error, root)), ...droppedNames(value, instance, root)];
  if (faults.length > 0) throw refusal(faults);
  return instance;
}

type CodedFault = Fault & { readonly code: ErrorCode };

function refusal(found: readonly CodedFault[]): PttError {
  const [first] = found;
  invariant(first !== undefined, 'a validation error has a constraint or a child');
  const faults = found.map(({ pointer, detail }) => ({ pointer, detail }));
  const detail = faults
    .slice(0, LIMITS.faultsPerAnswer)
    .map((fault) => `${fault.pointer}: ${fault.detail}`)
    .join('; ');
  return new PttError(first.code, { detail, pointer: first.pointer, faults });
}

function faultsOf(error: ValidationError, parent: string): CodedFault[] {
  // An object whose class was forgotten (`@ValidateNested` without `@Type`) has an error without a property.
  const named: string | undefined = error.property;
  if (named === undefined)
    return [{ code: 'invalid_field', pointer: parent, detail: 'the fields of this object are not known' }];
  const pointer = pointTo(parent, named);
  const inside = (error.children ?? []).flatMap((child) => faultsOf(child, pointer));
  const constraints = error.constraints ?? {};
  const messages = Object.values(constraints);
  if (messages.length === 0) return inside;
  if ('whitelistValidation' in constraints) {
    const detail = `${quoted(error.property)} is not known here${knownIn(error.target)}`;
    return [{ code: 'unknown_field', pointer, detail }, ...inside];
  }
  if (error.value === undefined) {
    return [
      { code: 'missing_field', pointer, detail: `${quoted(error.property)} is required: ${messages.join(', ')}` },
      ...inside,
    ];
  }
  return [{ code: 'invalid_field', pointer, detail: messages.join(', ') }, ...inside];
}

/** class-transformer leaves out what is named like a method that every object has, `toString` or `constructor`, without a word. */
function droppedNames(sent: unknown, kept: unknown, pointer: string): CodedFault[] {
  if (Array.isArray(sent)) {
    const items: readonly unknown[] = Array.isArray(kept) ? kept : [];
    return sent.flatMap((item, at) => droppedNames(item, items[at], pointTo(pointer, at)));
  }
  if (!isRecord(sent) || !isRecord(kept)) return [];
  return Object.entries(sent).flatMap(([name, value]) => {
    const inside = pointTo(pointer, name);
    if (Object.hasOwn(kept, name)) return droppedNames(value, kept[name], inside);
    return [{ code: 'unknown_field', pointer: inside, detail: `${quoted(name)} is not known here` }];
  });
}

function knownIn(target: object | undefined): string {
  const fields = target === undefined ? [] : knownFields(target.constructor);
  return fields.length === 0 ? '' : `; known are ${listed(fields)}`;
}

function knownFields(dto: Parameters<MetadataStorage['getTargetValidationMetadatas']>[0]): readonly string[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', true, false);
  return [...new Set(rules.map(({ propertyName }) => propertyName))];
}
