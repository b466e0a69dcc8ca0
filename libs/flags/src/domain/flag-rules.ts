import type { Fault } from '#libs/kernel';
import { below } from './fields.ts';
import { type FlagDefinition, isGated, offVariantOf, valueOf } from './flag.ts';

/**
 * What must hold of a definition beyond its shape. A flag that breaks one of these is refused at load, reload and
 * import, since a gated flag that could not be turned off would make its gate worthless.
 */
export function flagRuleFaults(flag: FlagDefinition, pointer: string): Fault[] {
  return [
    ...uniformVariantFaults(flag, pointer),
    ...defaultVariantFaults(flag, pointer),
    ...offVariantFaults(flag, pointer),
    ...matrixRowFaults(flag, pointer),
  ];
}

function uniformVariantFaults(flag: FlagDefinition, pointer: string): Fault[] {
  const [first, ...others] = Object.entries(flag.variants);
  if (first === undefined) return [];
  const type = typeof first[1];
  return others
    .filter(([, value]) => typeof value !== type)
    .map(([name, value]) => ({
      pointer: below(below(pointer, 'variants'), name),
      detail: `the variants must be of one type: "${first[0]}" is a ${type}, "${name}" a ${typeof value}`,
    }));
}

function defaultVariantFaults(flag: FlagDefinition, pointer: string): Fault[] {
  if (valueOf(flag, flag.defaultVariant) !== undefined) return [];
  return [{ pointer: below(pointer, 'defaultVariant'), detail: `"${flag.defaultVariant}" is none of the variants` }];
}

function offVariantFaults(flag: FlagDefinition, pointer: string): Fault[] {
  const at = below(pointer, 'off_variant');
  const off = offVariantOf(flag);
  const isBoolean = Object.values(flag.variants).every((value) => typeof value === 'boolean');
  if (off === null) {
    if (!isGated(flag)) return [];
    const what = isBoolean ? 'a variant that is false' : 'an off_variant';
    return [{ pointer: at, detail: `a gated flag needs ${what}, which a denied gate answers` }];
  }
  const value = valueOf(flag, off);
  if (value === undefined) return [{ pointer: at, detail: `"${off}" is none of the variants` }];
  if (isBoolean && value !== false) return [{ pointer: at, detail: `"${off}" must be the variant that is false` }];
  return [];
}

function matrixRowFaults(flag: FlagDefinition, pointer: string): Fault[] {
  if (!isGated(flag) || flag.approval_matrix_row !== null) return [];
  return [
    {
      pointer: below(pointer, 'approval_matrix_row'),
      detail: 'a gated flag needs an approval_matrix_row, which says who must sign',
    },
  ];
}
