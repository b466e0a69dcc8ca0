import type { EvaluationContext } from '@openfeature/core';
import { type FeatureFlag, MemoryStorage } from '@openfeature/flagd-core';
import { type Instant, type JsonObject, LIMITS } from '#libs/kernel';
import type { TargetingResult } from '../domain/evaluation.ts';
import type { Flag, FlagValue } from '../domain/flag.ts';
import { Targeting } from '../ports/targeting.ts';
import { preparedRule, splitVariant, variantOfSplit, withInstant } from './flagd-rule.ts';

const SILENT = { error: silent, warn: silent, info: silent, debug: silent };

interface Compiled {
  /** The definition that it was made of, as flagd reads it. */
  readonly configuration: string;
  readonly flag: FeatureFlag | null;
}

/**
 * Targeting by flagd's own evaluator, each flag compiled once per definition: found by the flag's object, or as what its
 * key had last where it was only read anew, as a cache does all the time. Rules are interpreted, not turned into
 * generated code: it is as quick, and a registry is input.
 */
export class FlagdTargeting extends Targeting {
  readonly #compiled = new WeakMap<Flag, FeatureFlag | null>();
  readonly #last = new Map<string, Compiled>();

  override evaluate(flag: Flag, context: JsonObject, at: Instant): TargetingResult {
    let compiled = this.#compiled.get(flag);
    if (compiled === undefined) {
      compiled = this.#compiledAs(flag);
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

  #compiledAs(flag: Flag): FeatureFlag | null {
    const configuration = configurationOf(flag);
    const last = this.#last.get(flag.key);
    if (last?.configuration === configuration) return last.flag;
    // Flags that are gone stay until a registry's worth has come.
    if (last === undefined && this.#last.size >= LIMITS.registryFlags) this.#last.clear();
    const compiled = compile(flag.key, configuration);
    this.#last.set(flag.key, { configuration, flag: compiled });
    return compiled;
  }
}

/** The one flag as flagd reads its configuration. */
function configurationOf({ key, state, defaultVariant, variants, targeting }: Flag): string {
  // Each variant stands twice, so that what came from a split can be told from what came from a rule.
  const marked = Object.entries(variants).flatMap(([name, value]): [string, FlagValue][] => [
    [name, value],
    [splitVariant(name), value],
  ]);
  const rule = targeting === null ? {} : { targeting: preparedRule(targeting) };
  const definition = { state, defaultVariant, variants: Object.fromEntries(marked), ...rule };
  return JSON.stringify({ flags: { [key]: definition } });
}

function compile(key: string, configuration: string): FeatureFlag | null {
  const storage = new MemoryStorage(SILENT, { disableDynamicCodeGeneration: true });
  try {
    storage.setConfigurations(configuration);
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
