import { describe, expect, it } from '@jest/globals';
import { ManualClock, SeededRandom } from '#libs/platform/testing';
import type { Asker, SensitiveCheck } from './approval-check.ts';
import { Gate } from './gate.ts';
import { ModelledApprovalCheck } from './modelled-approval-check.ts';
import { allowing, denying } from './testing/index.ts';

const actor = { id: 'U-9', roles: [], scopes: new Set<string>(), tenants: null, verified: false, approvalRef: 'APP-1' };
const BY: Asker = { actor, subjectToken: 'token', correlationId: 'c' };
const CHECKS: readonly SensitiveCheck[] = [{ target_type: 'feature_flag', target_id: 'ff.a', matrix_row: 'row' }];

function gateOver(approvals: ModelledApprovalCheck) {
  const clock = new ManualClock();
  const ports = { approvals, clock, scheduler: clock, random: new SeededRandom(1), report: () => undefined };
  return new Gate(ports, { reuseMs: 0 });
}

describe('the modelled check', () => {
  it('hands over questions and asker, and takes answers at once or later', async () => {
    const asked: unknown[] = [];
    const atOnce = new ModelledApprovalCheck((checks, by) => {
      asked.push([checks, by]);
      return [allowing()];
    });
    await expect(gateOver(atOnce).check(CHECKS, BY)).resolves.toMatchObject([{ decision: 'allow' }]);
    expect(asked).toEqual([[CHECKS, BY]]);
    const later = new ModelledApprovalCheck(() => Promise.resolve([denying('approval_pending')]));
    await expect(gateOver(later).check(CHECKS, BY)).resolves.toMatchObject([{ reason: 'approval_pending' }]);
  });

  it('denies when it throws', async () => {
    const broken = new ModelledApprovalCheck(() => {
      throw new Error('the file is gone');
    });
    await expect(gateOver(broken).check(CHECKS, BY)).resolves.toMatchObject([{ reason: 'admin_unreachable' }]);
  });
});
