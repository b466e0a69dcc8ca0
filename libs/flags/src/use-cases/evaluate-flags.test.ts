import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#libs/kernel';
import { StoreInputs } from '../adapters/store-inputs.ts';
import { deny } from '../domain/gate-decision.ts';
import { NEVER_THERE } from '../ports/stored.ts';
import { FlagService } from '../testing/flag-service.ts';
import { EVALUATED, GATED } from '../testing/samples.ts';

let service: FlagService;
beforeEach(async () => {
  service = await FlagService.open();
  await service.define(EVALUATED);
});
afterEach(() => service.close());

describe('evaluating many flags', () => {
  it('answers each one in the order asked, and says which do not exist', async () => {
    const { body } = await service.askAll(['ff.split', 'ff.gone', 'ff.a', 'ff.disabled'], { userId: 'U' });
    expect(body.flags.map(({ flag_key, reason, enabled }) => [flag_key, reason, enabled])).toEqual([
      ['ff.split', 'split', true],
      ['ff.gone', 'flag_not_found', false],
      ['ff.a', 'registry_default', false],
      ['ff.disabled', 'flag_disabled', false],
    ]);
  });

  it('answers all flags in the order of their keys where none is named', async () => {
    const { body } = await service.askAll(null);
    expect(body.flags.map(({ flag_key }) => flag_key)).toEqual([
      'ff.a',
      'ff.broken',
      'ff.disabled',
      'ff.gated',
      'ff.gold',
      'ff.split',
    ]);
  });

  it('leaves out of all flags one that this replica does not know of yet, and not of those named', async () => {
    class Behind extends StoreInputs {
      override flag(key: string): ReturnType<StoreInputs['flag']> {
        return key === 'ff.broken' ? NEVER_THERE : super.flag(key);
      }
    }
    const behind = await FlagService.open(undefined, (_machine, { flags, overrides }) => new Behind(flags, overrides));
    await behind.define(EVALUATED);
    const told = async (keys: readonly string[] | null) =>
      (await behind.askAll(keys)).body.flags.map(({ flag_key, reason }) => `${flag_key} ${reason}`);
    expect(await told(null)).toEqual([
      'ff.a registry_default',
      'ff.disabled flag_disabled',
      'ff.gated registry_default',
      'ff.gold registry_default',
      'ff.split registry_default',
    ]);
    expect(await told(['ff.a', 'ff.broken', 'ff.split'])).toEqual([
      'ff.a registry_default',
      'ff.broken flag_not_found',
      'ff.split registry_default',
    ]);
    await behind.close();
  });

  it('says the same of each flag as an evaluation of that one, but for what differs from call to call', async () => {
    await service.set({ scope: 'user', subject_id: 'U', flag_key: 'ff.a' }, { value: true });
    const stated = { tenantId: 'T-gold', userId: 'U' };
    const { body, call } = await service.askAll(null, stated);
    expect(call).toEqual({
      cache: 'uncached',
      replica: 'ff-1',
      correlation_id: 'c-1',
      evaluated_at: '2026-01-01T00:00:00.000Z',
    });
    for (const answer of body.flags) {
      const { meta, ...single } = await service.ask(answer.flag_key, stated);
      expect({ ...answer, meta: { ...answer.meta, ...call } }).toEqual({ ...single, meta });
      for (const name of Object.keys(call)) expect(answer.meta).not.toHaveProperty(name);
    }
  });

  it('asks the gate once for all gated flags', async () => {
    await service.define({ 'ff.gated.b': GATED });
    service.gate.decide('ff.gated.b', deny('approval_expired'));
    const { body } = await service.askAll(['ff.gated.b', 'ff.a', 'ff.gated']);
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
    const { body } = await service.askAll(['ff.a', 'ff.gone']);
    expect(body.flags.map(({ warnings }) => warnings)).toEqual([['auth_not_verified'], ['auth_not_verified']]);
  });

  it('takes at most 1000 flags, named or not', async () => {
    const many = Array.from({ length: 1_001 }, (_, n) => `ff.many.f${n}`);
    await expect(service.askAll(many)).rejects.toMatchObject({ code: 'invalid_field', pointer: '/flag_keys' });
    expect((await service.askAll(many.slice(1))).body.flags).toHaveLength(1_000);
    await service.define(Object.fromEntries(many.map((key): [string, JsonObject] => [key, {}])));
    await expect(service.askAll(null)).rejects.toMatchObject({ code: 'invalid_field' });
  });
});
