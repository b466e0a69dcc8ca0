import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Cache, MemoryTier } from '#libs/cache';
import { validators } from '#libs/contracts';
import type { JsonObject } from '#libs/kernel';
import { expiryEvent } from '../domain/invalidation.ts';
import { CachedInputs } from '../index.ts';
import { FlagMachine } from '../testing/flag-machine.ts';
import { FlagService } from '../testing/flag-service.ts';
import { EVALUATED } from '../testing/samples.ts';

const TENANT = { scope: 'tenant', subject_id: 'T', flag_key: 'ff.a' } as const;

let machine: FlagMachine;
let cache: Cache;
let service: FlagService;

beforeEach(async () => {
  machine = new FlagMachine();
  const { clock } = machine;
  cache = new Cache({ tier: new MemoryTier(clock, () => undefined), clock, scheduler: clock, report: () => undefined });
  service = await FlagService.open(
    machine,
    (_machine, { flags, overrides }) => new CachedInputs(cache, clock, flags, overrides),
  );
  await service.define(EVALUATED);
});
afterEach(async () => {
  cache.close();
  await service.close();
});

const stateOf = async (flag: string, subject = {}): Promise<string> => (await service.ask(flag, subject)).meta.cache;

describe('evaluations through a cache', () => {
  it('say miss while anything came from the store, then hit', async () => {
    expect(await stateOf('ff.a')).toBe('miss');
    expect(await stateOf('ff.a')).toBe('hit');
    expect(await stateOf('ff.a', { tenantId: 'T' })).toBe('miss');
    expect(await stateOf('ff.a', { tenantId: 'T' })).toBe('hit');
    expect(await stateOf('ff.a', { tenantId: 'T', userId: 'U' })).toBe('miss');
    expect(await stateOf('ff.a', { tenantId: 'T', userId: 'U' })).toBe('hit');
  });

  it('say stale while an entry past its soft end is refreshed, 48 s for an override and 240 s for a flag', async () => {
    // Between two ticks, which refresh ahead by themselves what was read.
    await machine.clock.advance(500);
    await stateOf('ff.a', { tenantId: 'T' });
    await machine.clock.advance(47_999);
    expect(await stateOf('ff.a', { tenantId: 'T' })).toBe('hit');
    await machine.clock.advance(1);
    expect(await stateOf('ff.a', { tenantId: 'T' })).toBe('stale');
    await machine.clock.advance(1);
    expect(await stateOf('ff.a', { tenantId: 'T' })).toBe('hit');
    await machine.clock.advance(192_000);
    expect(await stateOf('ff.a')).toBe('stale');
  });

  it('answer what the entries say until this replica hears of a change, and from then on the change', async () => {
    await service.ask('ff.a', { tenantId: 'T' });
    const { override } = await service.set(TENANT, { value: true });
    expect(await service.ask('ff.a', { tenantId: 'T' })).toMatchObject({ reason: 'registry_default' });
    const key = 'ptt:ff:override:tenant:T:ff.a';
    cache.onInvalidate({ namespace: 'override', key, version: override?.version ?? 0 });
    expect(await service.ask('ff.a', { tenantId: 'T' })).toMatchObject({
      value: true,
      reason: 'tenant_override',
      meta: { cache: 'miss' },
    });
  });

  it('keep that there is no such flag, and refresh that ahead too', async () => {
    await expect(service.ask('ff.new')).rejects.toMatchObject({ code: 'flag_not_found' });
    await service.define({ 'ff.new': {} });
    await machine.clock.advance(239_000);
    await expect(service.ask('ff.new')).rejects.toMatchObject({ code: 'flag_not_found' });
    await machine.clock.advance(1_000);
    expect(await service.ask('ff.new')).toMatchObject({ value: false, meta: { cache: 'hit' } });
  });

  it('answer many flags, all at once, as one by one', async () => {
    const keys = service.keys();
    const first = await service.askAll(null, { tenantId: 'T' });
    expect(first.call.cache).toBe('miss');
    expect(first.body.flags.map(({ flag_key }) => flag_key)).toEqual(keys);
    const second = await service.askAll(null, { tenantId: 'T' });
    expect([second.call.cache, second.body]).toEqual(['hit', first.body]);
  });

  it('warn and go to the store while the shared tier is away', async () => {
    cache.close();
    const away = new Cache({
      tier: new AwayTier(machine.clock, () => undefined),
      clock: machine.clock,
      scheduler: machine.clock,
      report: () => undefined,
    });
    const other = await FlagService.open(
      new FlagMachine(),
      (_machine, { flags, overrides }) => new CachedInputs(away, machine.clock, flags, overrides),
    );
    await other.define(EVALUATED);
    const answer = { warnings: ['cache_unavailable'], meta: { cache: 'uncached' } };
    expect([await other.ask('ff.a'), await other.ask('ff.a')]).toMatchObject([answer, answer]);
    expect(await other.askAll(['ff.a'])).toMatchObject({
      warnings: ['cache_unavailable'],
      call: { cache: 'uncached' },
    });
    away.close();
    await other.close();
  });
});

class AwayTier extends MemoryTier {
  override get(): Promise<never> {
    return Promise.reject(new Error('away'));
  }
}

describe('what targeting gave, through a cache', () => {
  const rule = (targeting: object) => ({ 'ff.rule': { targeting: { ...targeting } } });
  const evaluated = (): { readonly hit: number; readonly entries: number } | undefined =>
    cache.spaces.find(({ namespace }) => namespace === 'evaluated')?.stats;
  const ask = async (context = {}, subject = {}) => (await service.ask('ff.rule', { context, ...subject })).variant;

  beforeEach(() => service.define(rule({ if: [{ '==': [{ var: 'plan' }, 'pro'] }, 'on', 'off'] })));

  it('is remembered for the same context, tenant and user, and for no other', async () => {
    expect([await ask({ plan: 'pro' }), await ask({ plan: 'pro' }), await ask({ plan: 'free' })]).toEqual([
      'on',
      'on',
      'off',
    ]);
    expect(evaluated()).toMatchObject({ hit: 1, entries: 2 });
    await ask({ plan: 'pro' }, { tenantId: 'T' });
    await ask({ plan: 'pro' }, { userId: 'T' });
    expect(evaluated()).toMatchObject({ hit: 1, entries: 4 });
  });

  it('is told of at its end as the contract has it, and so is all else that was kept', async () => {
    const events: JsonObject[] = [];
    cache.onExpired((...expired) => {
      const at = machine.clock.now();
      const event = expiryEvent({ at, newId: () => machine.ids.uuidV7(at) }, ...expired);
      if (event !== null) events.push(event);
    });
    await service.set({ ...TENANT, flag_key: 'ff.rule' }, { value: false });
    await ask({ plan: 'pro' }, { tenantId: 'T', userId: 'U' });
    await ask();
    await expect(service.ask('ff.new')).rejects.toMatchObject({ code: 'flag_not_found' });
    await machine.clock.advance(600_000);
    expect(events.flatMap((event) => validators.pttFfInvalidateV1.faultsOf(event))).toEqual([]);
    const keys = events.map(({ key }) => key);
    expect(keys).toContain('ptt:ff:override:tenant:T:ff.rule');
    expect(keys).toContain('ptt:ff:flag:ff.rule');
    expect(keys).toContainEqual(expect.stringMatching(/^ptt:ff:evaluated:ff\.rule:T:U:[0-9a-f]{64}$/));
    expect(keys).toContainEqual(expect.stringMatching(/^ptt:ff:evaluated:ff\.rule:::[0-9a-f]{64}$/));
    expect(keys).toHaveLength(4);
  });

  it('is not used once the override in hand is another one', async () => {
    const subject = { tenantId: 'T' };
    expect(await ask({ plan: 'pro' }, subject)).toBe('on');
    const { override } = await service.set({ ...TENANT, flag_key: 'ff.rule' }, { value: false });
    cache.onInvalidate({
      namespace: 'override',
      key: 'ptt:ff:override:tenant:T:ff.rule',
      version: override?.version ?? 0,
    });
    expect(await ask({ plan: 'pro' }, subject)).toBe('off');
  });

  it.each([
    ['its timestamp', { '>': [{ var: '$flagd.timestamp' }, 0] }],
    ['its timestamp by steps', { '>': [{ val: ['$flagd', 'timestamp'] }, 0] }],
    ['a name that the rule makes up', { '>': [{ var: { cat: ['$flagd', '.timestamp'] } }, 0] }],
    ['the whole context', { '!!': [{ var: '' }] }],
  ])('is never remembered of a rule that reads %s', async (_what, condition) => {
    await service.define(rule({ if: [condition, 'on', 'off'] }));
    await machine.clock.advance(300_000);
    await ask();
    await ask();
    expect(evaluated()?.entries).toBe(0);
  });
});
