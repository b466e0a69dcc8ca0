import { describe, expect, it } from '@jest/globals';
import { failure, outcome, SPEC } from '../testing/index.ts';
import { paceLines, tableOf } from './table.ts';
import { totalsOf } from './totals.ts';

const totals = totalsOf([
  outcome({ commits: 812 }),
  outcome({ seed: 2, commits: 790 }),
  outcome({ seed: 3, commits: 4, failure: failure() }),
]);
const pace = { simulatedMs: 180_000, events: 3_000, wallMs: 2_000, cores: 2, busyMs: 3_000 };

describe('the table of a simulation', () => {
  it('has hours, events, changes, faults, checks and situations', () => {
    const lines = tableOf(totals, SPEC, pace).split('\n');
    expect(lines.slice(0, 6)).toEqual([
      '3 seeds, 2 passed, 1 failed',
      'each of 3 FF, 2 Admin, 11 virtual minutes; faults: swarm',
      '',
      'simulated  0.05 hours in 2.0 s on 2 cores',
      'events     3,000: 1,500 a second, 1,000 a second and core',
      'changes    1,606 committed, 790 in a seed at least',
    ]);
    expect(lines).toContainEqual(expect.stringMatching(/^bus-cut {10}9$|^bus-cut +9$/));
    expect(lines).toContainEqual(expect.stringMatching(/^clock-step +0$/));
    expect(lines).toContainEqual(expect.stringMatching(/^I1 +30$/));
    expect(lines).toContainEqual(expect.stringMatching(/^an allow was reused +3$/));
  });

  it('names the faults of choice and the planted bug', () => {
    const setting = { ...SPEC, faults: ['bus-cut', 'ff-crash'] as const, bug: 'no-fence' };
    expect(tableOf(totals, setting, pace)).toContain('faults: bus-cut, ff-crash, bug no-fence');
  });

  it('gives a pace for nothing at all', () => {
    expect(paceLines({ simulatedMs: 0, events: 0, wallMs: 0, cores: 1, busyMs: 0 })).toEqual([
      'simulated  0.00 hours in 0.0 s on 1 core',
      'events     0: 0 a second, 0 a second and core',
    ]);
  });
});
