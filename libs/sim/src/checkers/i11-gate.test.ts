import { beforeEach, describe, expect, it } from '@jest/globals';
import { toIso } from '#libs/kernel';
import { EPOCH } from '../time/virtual-time.ts';
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
let world: World;
let checker: GatedByApproval;
beforeEach(() => {
  found = [];
  world = new World(1, { replicas: 1, admins: 1 });
  checker = new GatedByApproval(world, ({ detail }) => void found.push(detail));
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

  it('gives an approval the time by which the clock of Admin is behind, and no other', () => {
    const row = {
      target_id: 'ff.dual',
      matrix_row: 'row-dual-finance-legal',
      state: 'signed_full',
      sla_deadline: toIso(EPOCH + 60_000),
    };
    const changes = [{ key: 'APP-1', version: 1, row }];
    const line = { line: 1, table: 'approval', at: EPOCH, version: 1, changes, records: [], messages: [] };
    checker.committed({ store: 'admin', line, at: 500, isFound: false });
    const allowed = (askedAt: number): readonly string[] => {
      found.length = 0;
      const times = { askedAt, answeredAt: askedAt + 1 };
      checker.gated({ ...DENIED, ...times, isOn: true, decision: 'allow', reason: 'x', approvalRef: 'APP-1' });
      return found;
    };
    expect(allowed(59_000)).toEqual([]);
    expect(allowed(61_000)).toHaveLength(1);
    world.site.wall('ff').set(-9_000, 60_000);
    world.site.wall('admin').set(9_000, 60_000);
    expect(allowed(61_000)).toHaveLength(1);
    world.site.wall('admin').set(-3_000, 60_500);
    expect(allowed(61_000)).toEqual([]);
    expect(allowed(64_000)).toHaveLength(1);
  });
});
