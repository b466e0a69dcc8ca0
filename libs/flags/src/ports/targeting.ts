import type { Instant, JsonObject } from '#libs/kernel';
import type { TargetingResult } from '../domain/evaluation.ts';
import type { Flag } from '../domain/flag.ts';

/** What evaluates a flag's targeting rule. */
export abstract class Targeting {
  /** Never throws: whatever goes wrong in a rule is `{kind: 'error'}`. `$flagd.timestamp` is `at`, in whole seconds. */
  abstract evaluate(flag: Flag, context: JsonObject, at: Instant): TargetingResult;
}
