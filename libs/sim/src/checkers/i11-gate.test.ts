import { beforeEach, describe, expect, it } from '@jest/globals';
import { World } from '../run/world.ts';
import type { Gated } from '../watch/seen.ts';
import { GatedByApproval } from './i11-gate.ts';

const DENIED: Gated = {
  replica: 'ff-1',
  flagKey: 'ff.dual',
  matrixRow: 'row-dual-finance-legal',
  isOn: false,
  decision: 'deny',
  reason: 'approval_missing',
  approvalRef: null,
  askedAt: 1_000,
  answeredAt: 1_001,
};

let found: string[];
let checker: GatedByApproval;
beforeEach(() => {
  found = [];
  checker = new GatedByApproval(new World(1, { replicas: 1, admins: 1 }), ({ detail }) => void found.push(detail));
});

describe('I11', () => {
  it('takes a gated flag that is off for what it is, asked or not', () => {
    checker.gated(DENIED);
    checker.gated({ ...DENIED, decision: null, reason: 'flag_disabled' });
    expect([found, checker.checks]).toEqual([[], 2]);
  });

  it('finds one that is on though it was denied', () => {
    checker.gated({ ...DENIED, isOn: true });
    expect(found).toEqual(['it was denied, and is on']);
  });

  it('finds one that is on and was never asked for', () => {
    checker.gated({ ...DENIED, isOn: true, decision: null, reason: 'registry_default' });
    expect(found).toEqual([expect.stringContaining('it was on by no approval')]);
  });

  it('finds one that is allowed by nothing, though its value is off', () => {
    checker.gated({ ...DENIED, decision: 'allow', reason: 'user_override' });
    expect(found).toEqual([expect.stringContaining('it was allowed by no approval')]);
  });
});
