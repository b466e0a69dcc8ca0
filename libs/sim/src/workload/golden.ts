import type { JsonObject } from '#libs/kernel';

const ON_OFF = { state: 'ENABLED', variants: { on: true, off: false } };

/** The registry that every world begins with: one flag of each kind that an evaluation tells apart. */
export const REGISTRY: JsonObject = {
  flags: {
    'ff.plain': { ...ON_OFF, defaultVariant: 'off' },
    'ff.number': { state: 'ENABLED', variants: { few: 1, some: 5, many: 50 }, defaultVariant: 'some' },
    'ff.rule': {
      ...ON_OFF,
      defaultVariant: 'off',
      targeting: { if: [{ '==': [{ var: 'plan' }, 'pro'] }, 'on', 'off'] },
    },
    'ff.clock': {
      ...ON_OFF,
      defaultVariant: 'off',
      targeting: { if: [{ '==': [{ '%': [{ var: '$flagd.timestamp' }, 2] }, 0] }, 'on', 'off'] },
    },
    'ff.gated': {
      ...ON_OFF,
      defaultVariant: 'on',
      requires_approval: true,
      approval_matrix_row: 'row-sensitive-override',
    },
    'ff.dual': {
      ...ON_OFF,
      defaultVariant: 'on',
      sensitive_flag: true,
      approval_matrix_row: 'row-dual-finance-legal',
    },
  },
};

/** What targeting of the flags above comes to, said without their rules. @param at milliseconds since 1970 */
export const RULES: Readonly<Record<string, (plan: unknown, at: number) => string>> = {
  'ff.rule': (plan) => (plan === 'pro' ? 'on' : 'off'),
  'ff.clock': (_plan, at) => (Math.floor(at / 1_000) % 2 === 0 ? 'on' : 'off'),
};

export const FLAGS = ['ff.plain', 'ff.number', 'ff.rule', 'ff.clock', 'ff.gated', 'ff.dual'] as const;
export const GATED: Readonly<Record<string, string>> = {
  'ff.gated': 'row-sensitive-override',
  'ff.dual': 'row-dual-finance-legal',
};
export const TENANTS = ['T-1', 'T-2', 'T 3/ä'] as const;
export const USERS = ['U-1', 'U-2', 'U:3'] as const;

/** Who signs what, and by when an allow begins to warn. */
export const MATRIX: JsonObject = {
  rows: [
    {
      row: 'row-sensitive-override',
      required_roles: ['product_owner'],
      use_within: 'P30D',
      warn_before: 'PT30S',
      self_sign: false,
    },
    {
      row: 'row-dual-finance-legal',
      required_roles: ['finance_gate', 'legal_gate'],
      use_within: 'P90D',
      warn_before: 'PT20S',
      self_sign: false,
    },
  ],
};

/** Who calls, and with which roles they sign. */
export const PEOPLE = [
  { id: 'ida', roles: ['product_owner', 'finance_gate'] },
  { id: 'pat', roles: ['product_owner', 'legal_gate'] },
  { id: 'fin', roles: ['finance_gate'] },
  { id: 'leg', roles: ['legal_gate', 'finance_gate'] },
  { id: 'pam', roles: ['product_owner'] },
  { id: 'bot', roles: [] },
] as const;
