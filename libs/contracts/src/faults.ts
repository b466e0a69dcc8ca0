import type { ErrorObject } from 'ajv';
import { LIMITS, type Fault } from '#libs/kernel';
import { wordsOf } from './fault-words.ts';

/**
 * What ajv reported, in plain words. Of a choice (`anyOf`) only the branch is kept that the value comes closest to,
 * since the faults of the others would speak of fields that nobody meant.
 */
export function faultsOfErrors(errors: readonly ErrorObject[]): readonly Fault[] {
  const kept: ErrorObject[] = [];
  for (const error of errors) {
    // Enough to answer with, and enough to be past the branches of a choice that is still open.
    if (kept.length > 4 * LIMITS.faultsPerAnswer) break;
    if (error.keyword === 'propertyNames') continue;
    if (error.keyword !== 'anyOf' && error.keyword !== 'oneOf') {
      kept.push(error);
      continue;
    }
    // ajv reports the faults of the branches right before the choice itself.
    const branches: ErrorObject[] = [];
    for (let last = kept.at(-1); last !== undefined && isBelow(last, error); last = kept.at(-1)) {
      branches.unshift(last);
      kept.pop();
    }
    const nearest = error.keyword === 'anyOf' ? nearestBranch(branches, error) : [];
    kept.push(...(nearest.length > 0 ? nearest : [error]));
  }
  return kept.slice(0, LIMITS.faultsPerAnswer).map(faultOf);
}

function isBelow(error: ErrorObject, choice: ErrorObject): boolean {
  const sameValue =
    error.instancePath === choice.instancePath || error.instancePath.startsWith(`${choice.instancePath}/`);
  return sameValue && error.schemaPath.startsWith(`${choice.schemaPath}/`);
}

/** The faults of the branch with the fewest unknown and missing fields of its own; none when all branches are mere types. */
function nearestBranch(errors: readonly ErrorObject[], choice: ErrorObject): readonly ErrorObject[] {
  const branches = new Map<string, ErrorObject[]>();
  for (const error of errors) {
    const index = error.schemaPath
      .slice(choice.schemaPath.length + 1)
      .split('/', 1)
      .join('');
    branches.set(index, [...(branches.get(index) ?? []), error]);
  }
  const isShape = ({ keyword, instancePath }: ErrorObject): boolean =>
    (keyword === 'additionalProperties' || keyword === 'required') && instancePath === choice.instancePath;
  const isOtherType = ({ keyword, instancePath }: ErrorObject): boolean =>
    keyword === 'type' && instancePath === choice.instancePath;
  const fitting = [...branches.values()].filter((faults) => !faults.some(isOtherType));
  const ranked = fitting.toSorted((a, b) => a.filter(isShape).length - b.filter(isShape).length || a.length - b.length);
  return ranked[0] ?? [];
}

function faultOf(error: ErrorObject): Fault {
  const params: Readonly<Record<string, unknown>> = error.params;
  const name = params['additionalProperty'] ?? params['missingProperty'] ?? error.propertyName;
  return { pointer: below(error.instancePath, name), detail: wordsOf(error) };
}

function below(pointer: string, name: unknown): string {
  return typeof name === 'string' ? `${pointer}/${escaped(name)}` : pointer;
}

/** A member's name as a token of a JSON pointer, cut where somebody sent an endless one. */
function escaped(name: string): string {
  const token = name.replaceAll('~', '~0').replaceAll('/', '~1');
  return token.length > LIMITS.subjectIdLength ? `${token.slice(0, LIMITS.subjectIdLength)}…` : token;
}
