import type { OverrideView } from '../domain/override.ts';
import type { ServiceFacts } from '../ports/service-facts.ts';

/** The state after a change of an override; its version is the answer's ETag. */
export interface OverrideAnswer {
  /** Null when there is none now. */
  readonly override: OverrideView | null;
  readonly warnings: readonly string[];
  readonly meta: Pick<ServiceFacts, 'verification'> & { readonly backing_state: ServiceFacts['backingState'] };
}

export function overrideAnswer(override: OverrideView | null, facts: ServiceFacts): OverrideAnswer {
  const { verification, backingState, changeWarnings } = facts;
  return { override, warnings: changeWarnings, meta: { backing_state: backingState, verification } };
}
