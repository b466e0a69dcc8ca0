import type { EvaluationContext } from '@openfeature/core';
import { type FeatureFlag, MemoryStorage } from '@openfeature/flagd-core';
import type { Instant, JsonObject } from '#libs/kernel';
import type { TargetingResult } from '../domain/evaluation.ts';
import type { Flag, FlagValue } from '../domain/flag.ts';
import { Targeting } from '../ports/targeting.ts';
import { preparedRule, splitVariant, variantOfSplit, withInstant } from './flagd-rule.ts';

const SILENT = { error: silent, warn: silent, info: silent, debug: silent };

/**
 * Targeting by flagd's own evaluator, each flag compiled once per version of its definition (a flag's object is
 * replaced when it changes, and with it goes what was compiled). Rules are interpreted, not turned into generated
 * code: it is as quick, and a registry is input.
 */
export class FlagdTargeting extends Targeting {
  readonly #compiled = new WeakMap<Flag, FeatureFlag | null>();

  override evaluate(flag: Flag, context: JsonObject, at: Instant): TargetingResult {
    let compiled = this.#compiled.get(flag);
    if (compiled === undefined) {
      compiled = compile(flag);
      this.#compiled.set(flag, compiled);
    }
    if (compiled === null) return { kind: 'error' };
    const timed = withInstant(context, at);
    if (!isEvaluationContext(timed)) return { kind: 'error' };
    try {
      const { reason, variant } = compiled.evaluate(timed);
      if (reason !== 'TARGETING_MATCH' || variant === undefined) {
        return { kind: reason === 'ERROR' ? 'error' : 'default' };
      }
      const split = variantOfSplit(variant);
      return split === null ? { kind: 'match', variant } : { kind: 'split', variant: split };
    } catch {
      // flagd-core lets a rule's value that cannot be turned into text through.
      return { kind: 'error' };
    }
  }
}

function compile({ key, state, defaultVariant, variants, targeting }: Flag): FeatureFlag | null {
  // Each variant stands twice, so that what came from a split can be told from what came from a rule.
  const marked = Object.entries(variants).flatMap(([name, value]): [string, FlagValue][] => [
    [name, value],
    [splitVariant(name), value],
  ]);
  const rule = targeting === null ? {} : { targeting: preparedRule(targeting) };
  const definition = { state, defaultVariant, variants: Object.fromEntries(marked), ...rule };
  const storage = new MemoryStorage(SILENT, { disableDynamicCodeGeneration: true });
  try {
    storage.setConfigurations(JSON.stringify({ flags: { [key]: definition } }));
    return storage.getFlag(key) ?? null;
  } catch {
    return null;
  }
}

/** flagd takes any JSON but for a targeting key that is no text. */
function isEvaluationContext(context: JsonObject): context is JsonObject & EvaluationContext {
  const { targetingKey } = context;
  return targetingKey === undefined || typeof targetingKey === 'string';
}

function silent(): void {}
