import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock, settle } from '#libs/platform/testing';
import { CACHE_LIMITS, HARD_MS, type Invalidation, MemoryTier, SharedTexts } from './index.ts';
import { OddTier } from './testing/odd-tier.ts';

const KEY = 'ptt:ff:jwks:issuer';
const HOUR = HARD_MS.jwks;

let clock: ManualClock;
let tier: OddTier;
let failures: unknown[];
/** What is where the texts come from, and how often it was read. */
let source: { text: string; reads: number; before: () => Promise<void> };

beforeEach(() => {
  clock = new ManualClock();
  tier = new OddTier(new MemoryTier(clock, () => undefined));
  failures = [];
  source = { text: 'text 1', reads: 0, before: () => Promise.resolve() };
});

const replica = () =>
  new SharedTexts('jwks', { tier, clock, scheduler: clock, report: (failure) => void failures.push(failure) });

async function read(texts: SharedTexts, youngerThanMs: number = HOUR) {
  const load = async () => {
    source.reads += 1;
    const { text } = source;
    await source.before();
    return text;
  };
  const found = await texts.read(KEY, { youngerThanMs, isWhole: (text) => text.startsWith('text'), load });
  await settle();
  return [found.text, found.ageMs];
}

describe('a shared text', () => {
  it('is read once for all replicas, and its age goes with it', async () => {
    const [one, two] = [replica(), replica()];
    expect(await read(one)).toEqual(['text 1', 0]);
    source.text = 'text 2';
    await clock.advance(1_000);
    expect(await read(two)).toEqual(['text 1', 1_000]);
    await clock.advance(HOUR - 1_001);
    expect(await read(two)).toEqual(['text 1', HOUR - 1]);
    await clock.advance(1);
    expect(await read(two)).toEqual(['text 2', 0]);
    expect([one.stats, two.stats]).toMatchObject([
      { hit: 0, miss: 1 },
      { hit: 2, miss: 1 },
    ]);
  });

  it('is as old as its load was slow', async () => {
    source.before = () => clock.sleep(1_500);
    const begun = read(replica());
    await clock.advance(1_500);
    await begun;
    expect(await read(replica())).toEqual(['text 1', 1_500]);
  });

  it('is not read where a younger one is wanted', async () => {
    const texts = replica();
    await read(texts);
    await clock.advance(1_000);
    source.text = 'text 2';
    expect(await read(texts, 1_001)).toEqual(['text 1', 1_000]);
    expect(await read(texts, 1_000)).toEqual(['text 2', 0]);
    expect(await read(texts, 0)).toEqual(['text 2', 0]);
    // It is not yet past its soft end, so nobody else gets what was read here.
    expect(await read(replica())).toEqual(['text 1', 1_000]);
  });

  it('is replaced by whoever asks for a younger one past its soft end', async () => {
    await read(replica());
    source.text = 'text 2';
    await clock.advance(0.8 * HOUR);
    expect(await read(replica(), 0.8 * HOUR)).toEqual(['text 2', 0]);
    expect(await read(replica())).toEqual(['text 2', 0]);
  });

  it('is replaced too by whoever would be content with it, but was given leave to', async () => {
    const one = replica();
    await read(one);
    source.text = 'text 2';
    await clock.advance(0.8 * HOUR);
    expect(await read(one, 0.8 * HOUR + 1)).toEqual(['text 2', 0]);
    expect(await read(replica())).toEqual(['text 2', 0]);
    expect(one.stats).toMatchObject({ hit: 0, miss: 2 });
  });

  it('stays with whoever cannot replace it, as long as it is young enough', async () => {
    const one = replica();
    await read(one);
    await clock.advance(0.8 * HOUR);
    source.before = () => Promise.reject(new Error('down'));
    expect(await read(one, 0.8 * HOUR + 1)).toEqual(['text 1', 0.8 * HOUR]);
    expect(failures).toEqual([new Error('down')]);
    await clock.advance(CACHE_LIMITS.leaseMs);
    await expect(read(one, 0.8 * HOUR + CACHE_LIMITS.leaseMs)).rejects.toThrow('down');
    // The leave that was given for nothing ran out, and the next one has it.
    await clock.advance(CACHE_LIMITS.leaseMs);
    source.before = () => Promise.resolve();
    source.text = 'text 2';
    expect(await read(one, 0.9 * HOUR)).toEqual(['text 2', 0]);
    expect(await read(replica())).toEqual(['text 2', 0]);
  });

  it('is left to whoever asks for a younger one, past its soft end, by those that are content with it', async () => {
    await read(replica());
    source.text = 'text 2';
    await clock.advance(0.9 * HOUR);
    expect(await read(replica())).toEqual(['text 1', 0.9 * HOUR]);
    expect(await read(replica(), 0.9 * HOUR)).toEqual(['text 2', 0]);
    expect(await read(replica())).toEqual(['text 2', 0]);
  });

  it('is put there by nobody who has no leave to', async () => {
    await read(replica());
    expect(tier.calls).toBe(2);
    await read(replica(), 0);
    expect(tier.calls).toBe(3);
    await tier.announce({ namespace: 'jwks', scope: {}, epoch: 1 });
    source.before = () => new Promise(() => undefined);
    void read(replica());
    await settle();
    source.before = () => Promise.resolve();
    await read(replica());
    expect([tier.calls, source.reads]).toEqual([6, 4]);
  });

  it('is not shared where it was dropped while it was loaded', async () => {
    const dropped: Invalidation = { namespace: 'jwks', scope: {}, epoch: 1 };
    source.before = () => tier.announce(dropped);
    expect(await read(replica())).toEqual(['text 1', 0]);
    source.before = () => Promise.resolve();
    source.text = 'text 2';
    expect(await read(replica())).toEqual(['text 2', 0]);
    await tier.announce(dropped);
    source.text = 'text 3';
    expect(await read(replica())).toEqual(['text 3', 0]);
  });

  it('that cannot be loaded is an error, and the next one may load', async () => {
    source.before = () => Promise.reject(new Error('down'));
    await expect(read(replica())).rejects.toThrow('down');
    source.before = () => Promise.resolve();
    expect(await read(replica())).toEqual(['text 1', 0]);
    await clock.advance(CACHE_LIMITS.leaseMs);
    await read(replica());
    expect(await read(replica())).toEqual(['text 1', 0]);
    expect(source.reads).toBe(3);
  });
});

describe('a tier', () => {
  it('that is away is passed by, and reported', async () => {
    tier.isAway = true;
    const texts = replica();
    expect(await read(texts)).toEqual(['text 1', 0]);
    expect(await read(texts)).toEqual(['text 1', 0]);
    expect([tier.calls, failures.length, texts.stats.uncached]).toEqual([1, 1, 2]);
  });

  it('that is slow is waited for no longer than its limit', async () => {
    tier.isSlow = true;
    const begun = read(replica());
    await clock.advance(CACHE_LIMITS.tierCallMs);
    expect(await begun).toEqual(['text 1', 0]);
  });

  it('that holds something else than a text has nothing, whatever a text may be', async () => {
    tier.text = `{"schema":2,"key":"${KEY}","version":0,"value":7}`;
    const load = () => Promise.resolve('text 1');
    const found = await replica().read(KEY, { youngerThanMs: HOUR, isWhole: () => true, load });
    expect(found).toEqual({ text: 'text 1', ageMs: 0 });
  });

  it('that is in doubt is dropped before it is used, and no more once the texts are closed', async () => {
    tier.isAway = true;
    const doubtful = new SharedTexts('jwks', {
      tier,
      clock,
      scheduler: clock,
      report: () => undefined,
      isTierDoubtful: true,
    });
    await settle();
    expect(tier.raised).toBe(1);
    doubtful.close();
    await clock.advance(10 * CACHE_LIMITS.tierPauseMs);
    expect(tier.raised).toBe(1);
  });

  it.each([
    '',
    'garbage',
    'null',
    '{"schema":2,"key":"KEY","version":0,"value":null}',
    '{"schema":2,"key":"KEY","version":0,"value":"other"}',
  ])('that holds %j has nothing, and it is counted', async (foreign) => {
    tier.text = foreign.replace('KEY', KEY);
    const texts = replica();
    expect(await read(texts)).toEqual(['text 1', 0]);
    expect(texts.stats).toMatchObject({ foreign: 1, miss: 1, hit: 0 });
  });
});
