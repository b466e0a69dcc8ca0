import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { deny } from '../domain/gate-decision.ts';
import { REASONS } from '../domain/reasons.ts';
import { FlagService } from '../testing/flag-service.ts';
import { EVALUATED, GATED, sampleAsker } from '../testing/samples.ts';

let service: FlagService;
beforeEach(async () => {
  service = await FlagService.open();
  await service.define(EVALUATED);
});
afterEach(() => service.close());

describe('evaluating one flag', () => {
  it('answers in the shape of the API, with what differs from call to call', async () => {
    await service.set({ scope: 'tenant', subject_id: 'T', flag_key: 'ff.a' }, { value: false });
    await service.set({ scope: 'user', subject_id: 'U', flag_key: 'ff.a' }, { value: true });
    const flag = service.files.flags.read('ff.a').value;
    expect(await service.ask('ff.a', { tenantId: 'T', userId: 'U' })).toEqual({
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
    expect(await service.ask('ff.a')).toMatchObject({
      warnings: ['auth_not_verified'],
      meta: { verification: 'decode-only' },
    });
  });

  it('refuses a flag that does not exist', async () => {
    await expect(service.ask('ff.gone')).rejects.toMatchObject({ code: 'flag_not_found', pointer: '/flag_key' });
  });

  it('gives targeting the user as targetingKey and the tenant as tenantId, above what the context says', async () => {
    const context = { tenantId: 'T-gold' };
    expect((await service.ask('ff.gold', { tenantId: 'T-gold' })).reason).toBe('targeting_match');
    expect((await service.ask('ff.gold', { context })).reason).toBe('targeting_match');
    expect((await service.ask('ff.gold', { tenantId: 'T-other', context })).reason).toBe('registry_default');
    expect((await service.ask('ff.split', { userId: 'U' })).reason).toBe('split');
    expect((await service.ask('ff.split')).reason).toBe('registry_default');
    expect((await service.ask('ff.split', { context: { targetingKey: 'U' } })).reason).toBe('split');
  });

  it('answers the default where targeting is broken', async () => {
    expect(await service.ask('ff.broken')).toMatchObject({ enabled: false, reason: 'targeting_error' });
  });

  it('sees an override end with the clock', async () => {
    await service.set({ scope: 'tenant', subject_id: 'T', flag_key: 'ff.a' }, { value: true }, '2026-01-01T00:01:00Z');
    expect((await service.ask('ff.a', { tenantId: 'T' })).reason).toBe('tenant_override');
    await service.machine.clock.advance(60_000);
    expect((await service.ask('ff.a', { tenantId: 'T' })).reason).toBe('registry_default');
  });

  it("sees somebody else's edit of the file at the next call", async () => {
    const plain = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on' };
    await service.machine.clock.advance(1_000);
    await service.machine.edit('registry.json', { flags: { 'ff.a': plain } });
    expect((await service.ask('ff.a')).enabled).toBe(true);
  });
});

describe('a gated flag', () => {
  it('asks the gate for itself under its row, on behalf of the caller', async () => {
    const answer = await service.ask('ff.gated', { tenantId: 'T' }, { approvalRef: 'APP-100001-abcd' });
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
    expect(await service.ask('ff.gated', { tenantId: 'T' })).toMatchObject({
      enabled: false,
      reason: 'approval_missing',
    });
  });

  it.each(REASONS.slice(REASONS.indexOf('approval_missing')))('is off for %s', async (reason) => {
    service.gate.decide('ff.gated', deny(reason));
    expect(await service.ask('ff.gated')).toMatchObject({ enabled: false, value: false, variant: 'off', reason });
  });

  it('is off when the gate answers nothing', async () => {
    service.gate.answerNothing();
    expect(await service.ask('ff.gated')).toMatchObject({ enabled: false, reason: 'policy_fail_safe' });
  });

  it('that is disabled does not ask', async () => {
    await service.define({ 'ff.gated': { ...GATED, state: 'DISABLED' } });
    expect(await service.ask('ff.gated')).toMatchObject({ enabled: false, value: null, reason: 'flag_disabled' });
    expect(service.gate.asked).toEqual([]);
  });

  it('is alone in asking', async () => {
    await service.ask('ff.a');
    expect(service.gate.asked).toEqual([]);
  });
});

describe('a token bound to tenants', () => {
  const bound = { tenants: ['T-gold'] };

  it('evaluates for its own tenants alone', async () => {
    expect((await service.ask('ff.gold', { tenantId: 'T-gold' }, bound)).enabled).toBe(true);
    await expect(service.ask('ff.a', { tenantId: 'T-other' }, bound)).rejects.toMatchObject({
      code: 'tenant_forbidden',
      pointer: '/tenant_id',
    });
    await expect(service.askAll(null, { tenantId: 'T-other' }, bound)).rejects.toMatchObject({
      code: 'tenant_forbidden',
    });
  });

  it('speaks for its only tenant where none is named, whatever the context says', async () => {
    const answer = await service.ask('ff.gold', { context: { tenantId: 'T-other' } }, bound);
    expect(answer.meta.chain[1]).toEqual({ layer: 'tenant_override', subject: 'T-gold', outcome: 'absent' });
    expect(answer.reason).toBe('targeting_match');
    await expect(service.ask('ff.gold', {}, { tenants: ['a', 'b'] })).rejects.toMatchObject({
      code: 'tenant_forbidden',
    });
  });

  it('is not told of user overrides, though targeting still knows the user', async () => {
    await service.set({ scope: 'user', subject_id: 'U', flag_key: 'ff.a' }, { value: true });
    const answer = await service.ask('ff.a', { userId: 'U' }, bound);
    expect(answer).toMatchObject({ enabled: false, reason: 'registry_default' });
    expect(answer.meta.chain[0]).toEqual({ layer: 'user_override', subject: 'U', outcome: 'not_consulted' });
    expect((await service.ask('ff.split', { userId: 'U' }, bound)).reason).toBe('split');
    expect((await service.ask('ff.a', {}, bound)).meta.chain[0]).toEqual({ layer: 'user_override', outcome: 'absent' });
  });

  it('is held to nothing while it is only decoded', async () => {
    await service.set({ scope: 'user', subject_id: 'U', flag_key: 'ff.a' }, { value: true });
    const decoded = { ...bound, verified: false };
    expect((await service.ask('ff.a', { tenantId: 'T-other', userId: 'U' }, decoded)).reason).toBe('user_override');
  });
});
