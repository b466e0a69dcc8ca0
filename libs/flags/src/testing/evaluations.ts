import type { Evaluation, EvaluationInputs, TargetingResult } from '../domain/evaluation.ts';
import type { HeldOverride } from '../domain/override.ts';
import { sampleFlag, sampleHeld } from './samples.ts';

/** 2026-06-01T00:00:00.000Z: when evaluations take place. */
export const AT = Date.UTC(2026, 5, 1);

const NEVER_ASKED = (): TargetingResult => {
  throw new Error('targeting was asked');
};

/** The tenant T and the user U with no override, and targeting that may not be asked, but for what is stated. */
export function inputs(stated: Partial<EvaluationInputs> = {}): EvaluationInputs {
  return {
    tenantId: 'T',
    userId: 'U',
    tenantOverride: null,
    userOverride: null,
    at: AT,
    targeting: NEVER_ASKED,
    ...stated,
  };
}

/** An override for the user U. */
export const user = (variant: string, expiresAt: string | null = null): HeldOverride =>
  sampleHeld({ scope: 'user', subject_id: 'U', variant, expires_at: expiresAt });

/** An override for the tenant T. */
export const tenant = (variant: string, expiresAt: string | null = null): HeldOverride =>
  sampleHeld({ scope: 'tenant', subject_id: 'T', variant, expires_at: expiresAt });

/** A flag with a rule, whose result the inputs give. */
export const targeted = sampleFlag({ targeting: { if: [true, 'on'] }, version: 7 });

/** What came of each layer, from the first to the last. */
export function outcomes({ chain }: Evaluation): readonly string[] {
  return chain.map(({ outcome }) => outcome);
}
