import type { BulkFlagAnswer } from '#libs/flags';

/** What `ff.plain` answers for the tenant `T-1`, which has it on by an override, but for what is stated. */
export function sampleAnswer(stated: Partial<BulkFlagAnswer> = {}): BulkFlagAnswer {
  return {
    flag_key: 'ff.plain',
    enabled: true,
    value: true,
    variant: 'on',
    reason: 'tenant_override',
    warnings: [],
    meta: {
      backing_state: 'file_backed',
      verification: 'verified',
      chain: [
        { layer: 'user_override', outcome: 'absent' },
        { layer: 'tenant_override', subject: 'T-1', outcome: 'matched', value: true },
        { layer: 'targeting', outcome: 'not_consulted' },
        { layer: 'registry_default', outcome: 'shadowed', value: false },
      ],
      gate: null,
      approval_ref: null,
      ttl_state: null,
      operator_alert: false,
      flag_version: 1,
    },
    ...stated,
  };
}
