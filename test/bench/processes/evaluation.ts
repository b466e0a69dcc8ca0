// Evaluation in process: an overridden flag, beside the Map lookup that alone would give its value.
import { EvaluateFlag, evaluate, FlagStore, OverrideStore, SetOverride, type Flag } from '#libs/flags';
import { Dispatcher } from '#libs/platform';
import { announce, processorMicros } from '../child.ts';
import { benchOrigin, startProduct } from '../product.ts';
import { flagKey, OVERRIDDEN, USER } from '../workload.ts';

const TENANTS: readonly string[] = Array.from({ length: 1_000 }, (_, index) => `T-${index}`);
const FLAGS: readonly string[] = Array.from({ length: OVERRIDDEN }, (_, index) => flagKey(index));
/** As many at a time as connections ask over HTTP. */
const CALLERS = 16;

const product = await startProduct();
const dispatcher = product.nest.get(Dispatcher);
const flags = product.nest.get(FlagStore);
const overrides = product.nest.get(OverrideStore);
const useCase = product.nest.get(EvaluateFlag);

const byFlag = new Map<string, Map<string, boolean>>();
for (const flag_key of FLAGS) {
  byFlag.set(flag_key, new Map(TENANTS.map((tenant) => [tenant, true])));
  const set = (subject_id: string) =>
    new SetOverride({ scope: 'tenant', subject_id, flag_key }, { variant: 'on' }, 'bench', null, null);
  await Promise.all(TENANTS.map((tenant) => dispatcher.execute(set(tenant), benchOrigin())));
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
  const flag = flags.get(flagOf(turn));
  const tenantId = tenantOf(turn);
  const tenantOverride = overrides.get(flagOf(turn), 'tenant', tenantId);
  const userOverride = overrides.get(flagOf(turn), 'user', USER);
  if (!isHere(flag) || !isHere(tenantOverride) || userOverride !== null) return false;
  return evaluate(flag, { tenantId, userId: USER, tenantOverride, userOverride, at: turn, targeting }).enabled;
}

function isHere<T extends Flag | object>(found: T | Promise<T | null> | null): found is T {
  return found !== null && !(found instanceof Promise);
}

const { actor } = benchOrigin();

async function executed(turns: number): Promise<number> {
  const asker = { actor, subjectToken: null, correlationId: 'bench' };
  const before = processorMicros();
  for (let turn = 0; turn < turns; turn += CALLERS) {
    const answers = Array.from({ length: CALLERS }, (_, caller) => {
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
    lookup: (turns) => nanoseconds(turns, (turn) => byFlag.get(flagOf(turn))?.get(tenantOf(turn)) === true),
    evaluate: (turns) => nanoseconds(turns, evaluated),
    execute: executed,
  },
  () => product.close(),
);
