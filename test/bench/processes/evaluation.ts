// Evaluation in process: an overridden flag, beside the Map lookup that alone would give its variant.
import {
  EvaluateFlag,
  evaluate,
  FlagInputs,
  FlagStore,
  OverrideStore,
  SetOverride,
  type HeldOverride,
  type Stored,
} from '#libs/flags';
import { Dispatcher } from '#libs/platform';
import { announce, processorMicros } from '../child.ts';
import { benchOrigin, startProduct } from '../product.ts';
import { flagKey, OVERRIDDEN, USER } from '../workload.ts';

const TENANTS: readonly string[] = Array.from({ length: 100 }, (_, index) => `T-${index}`);
const FLAGS: readonly string[] = Array.from({ length: OVERRIDDEN }, (_, index) => flagKey(index));
/** As many at a time as connections ask over HTTP. */
const CALLERS = 16;

/** An instant of this size, since the compiler tells small numbers from large ones. */
const NOW = Date.now();

const product = await startProduct();
const dispatcher = product.nest.get(Dispatcher);
const flags = product.nest.get(FlagStore);
const overrides = product.nest.get(OverrideStore);
const useCase = product.nest.get(EvaluateFlag);
const inputs = product.nest.get(FlagInputs);

/** The shortest way to the variant: by flag, then by tenant. */
const byFlag = new Map<string, ReadonlyMap<string, HeldOverride>>();
for (const flag_key of FLAGS) {
  const ofTenants = new Map<string, HeldOverride>();
  for (const subject_id of TENANTS) {
    const key = { scope: 'tenant', subject_id, flag_key } as const;
    await dispatcher.execute(new SetOverride(key, { variant: 'on' }, 'bench', null, null), benchOrigin());
    const held = arrived(overrides.read(flag_key, 'tenant', subject_id));
    if (held !== null) ofTenants.set(subject_id, held);
  }
  byFlag.set(flag_key, ofTenants);
}

const flagOf = (turn: number): string => FLAGS[turn % FLAGS.length] ?? '';
const tenantOf = (turn: number): string => TENANTS[turn % TENANTS.length] ?? '';

/** Nanoseconds of processor time of one, over so many. */
function nanoseconds(turns: number, act: (turn: number) => boolean): number {
  let on = 0;
  const before = processorMicros();
  for (let turn = 0; turn < turns; turn += 1) if (act(turn)) on += 1;
  const took = processorMicros() - before;
  if (on !== turns) throw new Error('every tenant has the flag on');
  return (took * 1_000) / turns;
}

const targeting = () => ({ kind: 'default' }) as const;

/** What a request for one flag costs between its parsed body and its answer: three reads and the rules. */
function evaluated(turn: number): boolean {
  const flag = arrived(flags.read(flagOf(turn)));
  const tenantId = tenantOf(turn);
  const tenantOverride = arrived(overrides.read(flagOf(turn), 'tenant', tenantId));
  const userOverride = arrived(overrides.read(flagOf(turn), 'user', USER));
  if (flag === null || tenantOverride === null || userOverride !== null) return false;
  return evaluate(flag, { tenantId, userId: USER, tenantOverride, userOverride, at: NOW, targeting }).enabled;
}

/** The same by way of the cache, where all of it is a hit. */
function evaluatedFromCache(turn: number): boolean {
  const reader = inputs.begin();
  if (reader instanceof Promise) return false;
  const flag = arrived(reader.flag(flagOf(turn)));
  const tenantId = tenantOf(turn);
  const tenantOverride = arrived(reader.override(flagOf(turn), 'tenant', tenantId));
  const userOverride = arrived(reader.override(flagOf(turn), 'user', USER));
  if (flag === null || tenantOverride === null || userOverride !== null || reader.cache !== 'hit') return false;
  return evaluate(flag, { tenantId, userId: USER, tenantOverride, userOverride, at: NOW, targeting }).enabled;
}

/** Reads once what later reads shall find in the cache: these, and so many of other subjects. */
async function fillCache(others: number): Promise<void> {
  const reader = await inputs.begin();
  for (const flag of FLAGS) {
    await reader.flag(flag);
    await reader.override(flag, 'user', USER);
    for (const tenant of TENANTS) await reader.override(flag, 'tenant', tenant);
  }
  for (let other = 0; other < others; other += 1) await reader.override(FLAGS[0] ?? '', 'tenant', `T-other-${other}`);
}

/** Bytes of heap that one evaluation leaves behind for the collector: the least of many tries, since it runs at times. */
function bytesOfHit(): number {
  const turns = 500;
  const found: number[] = [];
  for (let attempt = 0; attempt < 60; attempt += 1) {
    const before = process.memoryUsage().heapUsed;
    for (let turn = 0; turn < turns; turn += 1) evaluatedFromCache(turn);
    const grown = process.memoryUsage().heapUsed - before;
    if (grown >= 0) found.push(grown / turns);
  }
  return found.toSorted((a, b) => a - b)[Math.floor(found.length / 2)] ?? Number.NaN;
}

function arrived<T>(read: Stored<T> | Promise<Stored<T>>): T | null {
  return read instanceof Promise ? null : read.value;
}

const { actor } = benchOrigin();

async function executed(turns: number): Promise<number> {
  const asker = { actor, subjectToken: null, correlationId: 'bench' };
  const before = processorMicros();
  for (let turn = 0; turn < turns; turn += CALLERS) {
    const answers = Array.from({ length: CALLERS }, async (_, caller) => {
      const subject = { tenantId: tenantOf(turn + caller), userId: USER, context: {} };
      return useCase.execute(flagOf(turn + caller), subject, asker);
    });
    if (!(await Promise.all(answers)).every(({ enabled }) => enabled)) throw new Error('every tenant has the flag on');
  }
  return ((processorMicros() - before) * 1_000) / turns;
}

announce(
  {},
  {
    lookup: (turns) =>
      nanoseconds(turns, (turn) => byFlag.get(flagOf(turn))?.get(tenantOf(turn))?.override.variant === 'on'),
    evaluate: (turns) => nanoseconds(turns, evaluated),
    hit: async (turns) => {
      await fillCache(0);
      return nanoseconds(turns, evaluatedFromCache);
    },
    bytesOfHit: async (others) => {
      await fillCache(others);
      return bytesOfHit();
    },
    execute: executed,
  },
  () => product.close(),
);
