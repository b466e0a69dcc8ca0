import { describe, expect, it } from '@jest/globals';
import { CUTOVER_STAGES, READINESS_CHECKS, validators } from '#libs/contracts';
import { objectOf, readObject } from './contract-files.ts';

const IDS = ['A', 'B', 'C', 'D', 'E'].flatMap((group) => [1, 2, 3, 4, 5].map((n) => `${group}${n}`));

describe('the readiness checks', () => {
  it('are all 28, in order: five in each of A to E, three in F', () => {
    expect(READINESS_CHECKS.map(({ id }) => id)).toEqual([...IDS, 'F1', 'F2', 'F3']);
    expect(READINESS_CHECKS.filter(({ id, group }) => !id.startsWith(group))).toEqual([]);
    expect(Object.keys(objectOf(readObject('contracts/cutover_readiness_notes.json'), 'groups'))).toEqual([
      'A',
      'B',
      'C',
      'D',
      'E',
      'F',
    ]);
  });

  it('name a probe and a planted defect each, none twice', () => {
    for (const member of ['probe', 'planted_defect', 'title'] as const) {
      const names = READINESS_CHECKS.map((check) => check[member]);
      expect(new Set(names).size).toBe(28);
    }
    const names = READINESS_CHECKS.flatMap(({ probe, planted_defect }) => [probe, planted_defect]);
    expect(names.filter((name) => !/^[a-z0-9]+(?:-[a-z0-9]+)+$/.test(name))).toEqual([]);
  });

  it('are lock-stepped with other checks that exist', () => {
    const ids = new Set(READINESS_CHECKS.map(({ id }) => id));
    const strangers = READINESS_CHECKS.filter(({ id, lock_stepped_with }) =>
      lock_stepped_with.some((other) => other === id || !ids.has(other)),
    );
    expect(strangers).toEqual([]);
  });

  it('guard a stage that its layer has, and never the first', () => {
    const stages = new Set(
      Object.entries(CUTOVER_STAGES).flatMap(([layer, [, ...later]]) => later.map((stage) => `${layer}:${stage}`)),
    );
    const guarded = READINESS_CHECKS.flatMap(({ guards }) => guards);
    expect(READINESS_CHECKS.filter(({ guards }) => guards.length === 0)).toEqual([]);
    expect(guarded.filter((stage) => !stages.has(stage))).toEqual([]);
    // A one-way step without a check of its own could be taken on no evidence.
    for (const oneWay of ['store:complete', 'audit:complete', 'auth:strict']) expect(guarded).toContain(oneWay);
  });

  it('say for how long their evidence counts', () => {
    const ages = READINESS_CHECKS.map(({ evidence_max_age }) => evidence_max_age);
    expect(ages.filter((age) => !/^P\d+D$/.test(age))).toEqual([]);
  });

  it('can be served as the contract of GET /api/cutover has it', () => {
    const checks = READINESS_CHECKS.map((check) => Object.assign({ status: 'not_run' }, check));
    const layers = Object.entries(CUTOVER_STAGES).map(([layer, [stage]]) => ({ layer, stage, epoch: 0 }));
    expect(validators.cutoverAnswer.faultsOf({ checks, layers })).toEqual([]);
    const { stages } = objectOf(readObject('contracts/cutover_readiness_notes.json'), 'current_state');
    expect(stages).toEqual(Object.fromEntries(layers.map(({ layer, stage }) => [layer, stage])));
  });
});
