import { type Actor, type JsonObject, type Origin, systemActor } from '#libs/kernel';
import type { Flag, FlagDefinition } from '../domain/flag.ts';
import { type HeldOverride, heldOverride, type Override, type OverrideKey } from '../domain/override.ts';
import type { Asker } from '../use-cases/flag-evaluator.ts';

/** An on/off flag, off by default, in service and not gated, but for what is stated. */
export function sampleFlag(stated: Partial<Flag> = {}): Flag {
  return {
    key: 'ff.sample',
    state: 'ENABLED',
    variants: { on: true, off: false },
    defaultVariant: 'off',
    targeting: null,
    metadata: null,
    sensitive_flag: false,
    requires_approval: false,
    off_variant: null,
    approval_matrix_row: null,
    owner: null,
    description: null,
    lifecycle: 'active',
    expected_lifetime_days: null,
    surface: null,
    created_at: '2026-01-01T00:00:00.000Z',
    version: 1,
    ...stated,
  };
}

export function sampleDefinition(stated: Partial<FlagDefinition> = {}): FlagDefinition {
  return { ...sampleFlag(), created_at: null, version: null, ...stated };
}

/** A gated on/off flag, on by default, under the row `row-sensitive-override`. */
export function gatedFlag(stated: Partial<Flag> = {}): Flag {
  return sampleFlag({
    key: 'ff.gated',
    defaultVariant: 'on',
    sensitive_flag: true,
    requires_approval: true,
    approval_matrix_row: 'row-sensitive-override',
    ...stated,
  });
}

/** An on/off flag, off by default, with as little as a registry may state of one. */
export const PLAIN = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' };

/** The registry document of on/off flags by key: `{'ff.a': {…}}` adds to or replaces members. */
export function sampleRegistry(flags: Readonly<Record<string, JsonObject>>): JsonObject {
  return {
    flags: Object.fromEntries(Object.entries(flags).map(([key, members]) => [key, Object.assign({}, PLAIN, members)])),
  };
}

/** Members of a flag that is on by default and gated. */
export const GATED = { defaultVariant: 'on', requires_approval: true, approval_matrix_row: 'row-sensitive-override' };

/** Flags by key, one of each kind that an evaluation tells apart. */
export const EVALUATED: Readonly<Record<string, JsonObject>> = {
  'ff.a': {},
  'ff.disabled': { state: 'DISABLED' },
  'ff.gated': GATED,
  'ff.gold': { targeting: { if: [{ '==': [{ var: 'tenantId' }, 'T-gold'] }, 'on'] } },
  'ff.split': { targeting: { fractional: [['on', 1]] } },
  'ff.broken': { targeting: { nope: [] } },
};

/** The places of an override of `ff.a` for a tenant and for a user. */
export const TENANT: OverrideKey = { scope: 'tenant', subject_id: 'T-1', flag_key: 'ff.a' };
export const USER: OverrideKey = { scope: 'user', subject_id: 'U-1', flag_key: 'ff.a' };

export function sampleOverride(stated: Partial<Override> = {}): Override {
  return {
    scope: 'tenant',
    subject_id: 'T-1',
    flag_key: 'ff.sample',
    variant: 'on',
    reason: 'a trial',
    expires_at: null,
    set_by: 'someone',
    set_at: '2026-01-01T00:00:00.000Z',
    version: 2,
    ...stated,
  };
}

export function sampleHeld(stated: Partial<Override> = {}): HeldOverride {
  return heldOverride(sampleOverride(stated));
}

/** A verified caller with every right, bound to no tenant, but for what is stated. */
export function sampleActor(stated: Partial<Actor> = {}): Actor {
  return { id: 'u-1', roles: [], scopes: new Set(), tenants: null, verified: true, approvalRef: null, ...stated };
}

export function sampleOrigin(stated: Partial<Actor> = {}): Origin {
  return { actor: sampleActor(stated), trace: { correlationId: 'c-1' } };
}

export function sampleAsker(stated: Partial<Actor> = {}): Asker {
  return { actor: sampleActor(stated), subjectToken: null, correlationId: 'c-1' };
}

export const SEEDING: Origin = { actor: systemActor('seed'), trace: { correlationId: 'c-seed' } };
