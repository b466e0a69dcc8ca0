import type { JsonObject } from '#libs/kernel';

/** What is evaluated: 50 flags as services have them, 10 with an override for the tenant, 10 with a targeting rule. */
export const FLAG_COUNT = 50;
export const OVERRIDDEN = 10;
const TARGETED = 20;

export const flagKey = (index: number): string => `ff.bench.feature_${String(index).padStart(2, '0')}`;
export const FLAG_KEYS: readonly string[] = Array.from({ length: FLAG_COUNT }, (_, index) => flagKey(index));

export const TENANT = 'T-bench';
export const USER = 'U-42';
/** Who is asked about in turn; with ids as long as that, so that answers are too. */
export const USERS: readonly string[] = Array.from({ length: 64 }, (_, index) => `U-${index + 10}`);

/** The registry that the product imports before it is measured. */
export function registryDocument(): JsonObject {
  return { flags: Object.fromEntries(FLAG_KEYS.map((key, index) => [key, definition(index)])) };
}

function definition(index: number): JsonObject {
  const isTargeted = index >= OVERRIDDEN && index < TARGETED;
  return {
    state: 'ENABLED',
    variants: { on: true, off: false },
    defaultVariant: 'off',
    description: 'A flag of the benchmark.',
    owner: 'bench',
    lifecycle: 'active',
    ...(isTargeted ? { targeting: { if: [{ in: [{ var: 'plan' }, ['gold', 'silver']] }, 'on', 'off'] } } : {}),
  };
}

const SUBJECT = { tenant_id: TENANT, user_id: USER, context: { plan: 'gold', region: 'eu-west', beta: true } };

/** One flag, decided by the tenant's override. */
export const ONE: JsonObject = { flag_key: flagKey(0), ...SUBJECT };
/** All of them by name. */
export const BULK: JsonObject = { flag_keys: FLAG_KEYS, ...SUBJECT };
