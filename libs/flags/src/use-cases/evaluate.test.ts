import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Actor, JsonObject } from '#libs/kernel';
import { REASONS } from '../domain/reasons.ts';
import { deny } from '../domain/gate-decision.ts';
import { FlagService } from '../testing/flag-service.ts';
import { sampleAsker } from '../testing/samples.ts';
import type { Subject } from './flag-evaluator.ts';

const GATED = { defaultVariant: 'on', requires_approval: true, approval_matrix_row: 'row-sensitive-override' };
const GOLD = { if: [{ '==': [{ var: 'tenantId' }, 'T-gold'] }, 'on'] };

let service: FlagService;
beforeEach(async () => {
  service = await FlagService.open();
  await service.define({
    'ff.a': {},
    'ff.disabled': { state: 'DISABLED' },
    'ff.gated': GATED,
    'ff.gold': { targeting: GOLD },
    'ff.split': { targeting: { fractional: [['on', 1]] } },
    'ff.broken': { targeting: { nope: [] } },
  });
});
afterEach(() => service.close());

function subject(stated: Partial<Subject> = {}): Subject {
  return { tenantId: null, userId: null, context: {}, ...stated };
}

const ask = (flagKey: string, stated: Partial<Subject> = {}, actor: Partial<Actor> = {}) =>
  service.evaluateFlag.execute(flagKey, subject(stated), sampleAsker(actor));
const askAll = (flagKeys: readonly string[] | null, stated: Partial<Subject> = {}, actor: Partial<Actor> = {}) =>
  service.evaluateFlags.execute(flagKeys, subject(stated), sampleAsker(actor));

describe('evaluating one flag', () => {
  it('answers in the shape of the API, with what differs from call to call', async () => {
    await service.set({ scope: 'tenant', subject_id: 'T', flag_key: 'ff.a' }, { value: false });
    await service.set({ scope: 'user', subject_id: 'U', flag_key: 'ff.a' }, { value: true });
    const flag = service.files.flags.get('ff.a');
    expect(await ask('ff.a', { tenantId: 'T', userId: 'U' })).toEqual({
      flag_key: 'ff.a',
      enabled: true,
      value: true,
      variant: 'on',
      reason: 'user_override_precedence',
      warnings: [],
      meta: {
        backing_state: 'file_backed',
        cache: 'uncached',
        verification: 'verified',
        chain: [
          { layer: 'user_override', subject: 'U', outcome: 'matched', value: true },
          { layer: 'tenant_override', subject: 'T', outcome: 'shadowed', value: false },
          { layer: 'targeting', outcome: 'not_consulted' },
          { layer: 'registry_default', outcome: 'shadowed', value: false },
        ],
        gate: null,
        approval_ref: null,
        ttl_state: null,
        operator_alert: false,
        flag_version: flag?.version,
        replica: 'ff-1',
        correlation_id: 'c-1',
        evaluated_at: '2026-01-01T00:00:00.000Z',
      },
    });
  });

  it('warns in every answer where tokens are only decoded', async () => {
    service.facts.verification = 'decode-only';
    expect(await ask('ff.a')).toMatchObject({ warnings: ['auth_not_verified'], meta: { verification: 'decode-only' } });
  });

  it('refuses a flag that does not exist', async () => {
    await expect(ask('ff.gone')).rejects.toMatchObject({ code: 'flag_not_found', pointer: '/flag_key' });
  });

  it('gives targeting the user as targetingKey and the tenant as tenantId, above what the context says', async () => {
    const context = { tenantId: 'T-gold' };
    expect((await ask('ff.gold', { tenantId: 'T-gold' })).reason).toBe('targeting_match');
    expect((await ask('ff.gold', { context })).reason).toBe('targeting_match');
    expect((await ask('ff.gold', { tenantId: 'T-other', context })).reason).toBe('registry_default');
    expect((await ask('ff.split', { userId: 'U' })).reason).toBe('split');
    expect((await ask('ff.split')).reason).toBe('registry_default');
    expect((await ask('ff.split', { context: { targetingKey: 'U' } })).reason).toBe('split');
  });

  it('answers the default where targeting is broken', async () => {
    expect(await ask('ff.broken')).toMatchObject({ enabled: false, reason: 'targeting_error' });
  });

  it('sees an override end with the clock', async () => {
    await service.set({ scope: 'tenant', subject_id: 'T', flag_key: 'ff.a' }, { value: true }, '2026-01-01T00:01:00Z');
    expect((await ask('ff.a', { tenantId: 'T' })).reason).toBe('tenant_override');
    await service.machine.clock.advance(60_000);
    expect((await ask('ff.a', { tenantId: 'T' })).reason).toBe('registry_default');
  });

  it("sees somebody else's edit of the file at the next call", async () => {
    const plain = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on' };
    await service.machine.clock.advance(1_000);
    await service.machine.edit('registry.json', { flags: { 'ff.a': plain } });
    expect((await ask('ff.a')).enabled).toBe(true);
  });
});

describe('a gated flag', () => {
  it('asks the gate for itself under its row, on behalf of the caller', async () => {
    const answer = await ask('ff.gated', { tenantId: 'T' }, { approvalRef: 'APP-100001-abcd' });
    expect(answer).toMatchObject({
      enabled: true,
      reason: 'registry_default',
      meta: {
        gate: { matrix_row: 'row-sensitive-override', decision: 'allow' },
        approval_ref: 'APP-100001-abcd',
        ttl_state: 'valid',
      },
    });
    expect(service.gate.asked).toEqual([
      {
        questions: [{ target_type: 'feature_flag', target_id: 'ff.gated', matrix_row: 'row-sensitive-override' }],
        asker: sampleAsker({ approvalRef: 'APP-100001-abcd' }),
      },
    ]);
  });

  it("asks whatever its value is, and answers the gate's reason even when it was off", async () => {
    await service.set({ scope: 'tenant', subject_id: 'T', flag_key: 'ff.gated' }, { value: false });
    service.gate.decide('ff.gated', deny('approval_missing'));
    expect(await ask('ff.gated', { tenantId: 'T' })).toMatchObject({ enabled: false, reason: 'approval_missing' });
  });

  it.each(REASONS.slice(REASONS.indexOf('approval_missing')))('is off for %s', async (reason) => {
    service.gate.decide('ff.gated', deny(reason));
    expect(await ask('ff.gated')).toMatchObject({ enabled: false, value: false, variant: 'off', reason });
  });

  it('is off when the gate answers nothing', async () => {
    service.gate.answerNothing();
    expect(await ask('ff.gated')).toMatchObject({ enabled: false, reason: 'policy_fail_safe' });
  });

  it('that is disabled does not ask', async () => {
    await service.define({ 'ff.gated': { ...GATED, state: 'DISABLED' } });
    expect(await ask('ff.gated')).toMatchObject({ enabled: false, value: null, reason: 'flag_disabled' });
    expect(service.gate.asked).toEqual([]);
  });

  it('is alone in asking', async () => {
    await ask('ff.a');
    expect(service.gate.asked).toEqual([]);
  });
});

describe('evaluating many flags', () => {
  it('answers each one in the order asked, and says which do not exist', async () => {
    const { body } = await askAll(['ff.split', 'ff.gone', 'ff.a', 'ff.disabled'], { userId: 'U' });
    expect(body.flags.map(({ flag_key, reason, enabled }) => [flag_key, reason, enabled])).toEqual([
      ['ff.split', 'split', true],
      ['ff.gone', 'flag_not_found', false],
      ['ff.a', 'registry_default', false],
      ['ff.disabled', 'flag_disabled', false],
    ]);
  });

  it('answers all flags in the order of their keys where none is named', async () => {
    const { body } = await askAll(null);
    expect(body.flags.map(({ flag_key }) => flag_key)).toEqual([
      'ff.a',
      'ff.broken',
      'ff.disabled',
      'ff.gated',
      'ff.gold',
      'ff.split',
    ]);
  });

  it('says the same of each flag as an evaluation of that one, but for what differs from call to call', async () => {
    await service.set({ scope: 'user', subject_id: 'U', flag_key: 'ff.a' }, { value: true });
    const stated = { tenantId: 'T-gold', userId: 'U' };
    const { body, call } = await askAll(null, stated);
    expect(call).toEqual({
      cache: 'uncached',
      replica: 'ff-1',
      correlation_id: 'c-1',
      evaluated_at: '2026-01-01T00:00:00.000Z',
    });
    for (const answer of body.flags) {
      const { meta, ...single } = await ask(answer.flag_key, stated);
      expect({ ...answer, meta: { ...answer.meta, ...call } }).toEqual({ ...single, meta });
      for (const name of Object.keys(call)) expect(answer.meta).not.toHaveProperty(name);
    }
  });

  it('asks the gate once for all gated flags', async () => {
    await service.define({ 'ff.gated.b': GATED });
    service.gate.decide('ff.gated.b', deny('approval_expired'));
    const { body } = await askAll(['ff.gated.b', 'ff.a', 'ff.gated']);
    expect(body.flags.map(({ reason }) => reason)).toEqual([
      'approval_expired',
      'registry_default',
      'registry_default',
    ]);
    expect(body.flags.map(({ enabled }) => enabled)).toEqual([false, false, true]);
    expect(service.gate.asked.map(({ questions }) => questions.map(({ target_id }) => target_id))).toEqual([
      ['ff.gated.b', 'ff.gated'],
    ]);
  });

  it('warns in each answer where tokens are only decoded', async () => {
    service.facts.verification = 'decode-only';
    const { body } = await askAll(['ff.a', 'ff.gone']);
    expect(body.flags.map(({ warnings }) => warnings)).toEqual([['auth_not_verified'], ['auth_not_verified']]);
  });

  it('takes at most 1000 flags, named or not', async () => {
    const many = Array.from({ length: 1_001 }, (_, n) => `ff.many.f${n}`);
    await expect(askAll(many)).rejects.toMatchObject({ code: 'invalid_field', pointer: '/flag_keys' });
    expect((await askAll(many.slice(1))).body.flags).toHaveLength(1_000);
    await service.define(Object.fromEntries(many.map((key): [string, JsonObject] => [key, {}])));
    await expect(askAll(null)).rejects.toMatchObject({ code: 'invalid_field' });
  });
});

describe('a token bound to tenants', () => {
  const bound = { tenants: ['T-gold'] };

  it('evaluates for its own tenants alone', async () => {
    expect((await ask('ff.gold', { tenantId: 'T-gold' }, bound)).enabled).toBe(true);
    await expect(ask('ff.a', { tenantId: 'T-other' }, bound)).rejects.toMatchObject({
      code: 'tenant_forbidden',
      pointer: '/tenant_id',
    });
    await expect(askAll(null, { tenantId: 'T-other' }, bound)).rejects.toMatchObject({ code: 'tenant_forbidden' });
  });

  it('speaks for its only tenant where none is named, whatever the context says', async () => {
    const answer = await ask('ff.gold', { context: { tenantId: 'T-other' } }, bound);
    expect(answer.meta.chain[1]).toEqual({ layer: 'tenant_override', subject: 'T-gold', outcome: 'absent' });
    expect(answer.reason).toBe('targeting_match');
    await expect(ask('ff.gold', {}, { tenants: ['a', 'b'] })).rejects.toMatchObject({ code: 'tenant_forbidden' });
  });

  it('is not told of user overrides, though targeting still knows the user', async () => {
    await service.set({ scope: 'user', subject_id: 'U', flag_key: 'ff.a' }, { value: true });
    const answer = await ask('ff.a', { userId: 'U' }, bound);
    expect(answer).toMatchObject({ enabled: false, reason: 'registry_default' });
    expect(answer.meta.chain[0]).toEqual({ layer: 'user_override', subject: 'U', outcome: 'not_consulted' });
    expect((await ask('ff.split', { userId: 'U' }, bound)).reason).toBe('split');
    expect((await ask('ff.a', {}, bound)).meta.chain[0]).toEqual({ layer: 'user_override', outcome: 'absent' });
  });

  it('is held to nothing while it is only decoded', async () => {
    await service.set({ scope: 'user', subject_id: 'U', flag_key: 'ff.a' }, { value: true });
    const decoded = { ...bound, verified: false };
    expect((await ask('ff.a', { tenantId: 'T-other', userId: 'U' }, decoded)).reason).toBe('user_override');
  });
});
