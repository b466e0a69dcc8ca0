import type { Bug } from '../bugs/bug.ts';
import { checkersOf, type Violation } from '../checkers/index.ts';
import { kindsOf, planOf } from '../faults/plan.ts';
import type { Fault, FaultKind } from '../faults/kinds.ts';
import { Callers } from '../workload/callers.ts';
import { Custodian } from '../workload/custodian.ts';
import { Editor } from '../workload/editor.ts';
import { Onlooker } from '../workload/onlooker.ts';
import { EPOCH } from '../time/virtual-time.ts';
import { takeRejections } from '../time/rejections.ts';
import { takeDate } from '../time/virtual-date.ts';
import { Coverage } from '../watch/coverage.ts';
import { World } from './world.ts';

export interface RunOptions {
  readonly seed: number;
  readonly replicas: number;
  readonly faults: 'swarm' | 'none' | readonly FaultKind[];
  /** Virtual milliseconds in which faults happen and people call. */
  readonly forMs: number;
  /** In place of the one that the seed gives. */
  readonly plan?: readonly Fault[];
  /** The only promises whose breach ends the run and counts. All, where not said. */
  readonly judged?: readonly string[];
  /** Shown the world before anything happens in it, to look on. */
  readonly observe?: (world: World) => void;
  /** Planted while the seed runs. Nothing else may run in the process then. */
  readonly bug?: Bug;
}

export interface RunResult {
  readonly seed: number;
  readonly hash: string;
  readonly events: number;
  readonly simulatedMs: number;
  readonly commits: number;
  readonly plan: readonly Fault[];
  readonly felt: ReadonlyMap<FaultKind, number>;
  readonly checks: ReadonlyMap<string, number>;
  /** Situations that a run is to come into at times, and how often it did. */
  readonly sometimes: ReadonlyMap<string, number>;
  readonly violation: Violation | null;
  readonly exception: { readonly error: unknown; readonly at: number } | null;
}

/** Everything is up, and the callers may begin. */
const BEGIN_MS = 10_000;
/** What it may take until everything that was down is up again. */
const HEAL_MS = 30_000;
/** After that everybody answers what the stores hold. */
const SETTLE_MS = 2_000;
const CALLERS = 6;
const CALL_EVERY_MS = 750;
/**
 * A world has at least so many changes that eleven minutes have 400; one that has not goes on, for as long again at most.
 * Whoever goes on for longer with less hangs, or refuses what it should do.
 */
const MS_A_COMMIT = (11 * 60_000) / 400;

/** One seed, from the first event to the last check. */
export async function run(options: RunOptions): Promise<RunResult> {
  // Before there is a world: what it is made of asks the planted class too.
  const takeOut = options.bug?.plant();
  try {
    return await runWorld(options);
  } finally {
    takeOut?.();
  }
}

async function runWorld(options: RunOptions): Promise<RunResult> {
  const world = new World(options.seed, { replicas: options.replicas, admins: 2 });
  const giveBack = takeDate(() => EPOCH + world.time.now);
  const endTaking = takeRejections(world.site.failed);
  try {
    return await runIn(world, options);
  } finally {
    endTaking();
    giveBack();
  }
}

async function runIn(world: World, { seed, faults, forMs, ...options }: RunOptions): Promise<RunResult> {
  const { judged, observe } = options;
  observe?.(world);
  const { time, topology, injector } = world;
  let violation: Violation | null = null;
  const isOver = (): boolean => violation !== null || world.exception !== null;
  const report = (found: Violation): void => {
    if (judged === undefined || judged.includes(found.invariant)) violation ??= found;
  };
  const breachOfLiveness = (detail: string): void =>
    report({ invariant: 'I8', at: time.now, replica: null, key: null, detail });
  const checkers = checkersOf(world, report);
  for (const checker of checkers) world.watch.add(checker);
  const coverage = new Coverage((kid) => world.topology.issuer.standingOf(kid));
  world.watch.add(coverage);
  /** What an event throws is the seed's exception. */
  const runUntil = (until: number, isEnough: () => boolean): Promise<void> =>
    time.runUntil(until, isEnough).catch(world.site.failed);

  let isUp = false;
  topology.begin().then(() => {
    isUp = true;
  }, world.site.failed);
  await runUntil(BEGIN_MS, () => isUp || isOver());
  const until = time.now + forMs;
  const plan =
    options.plan ?? planOf(kindsOf(faults, world.chance('swarm')), until - SETTLE_MS, world.chance('faults'));
  const callers = new Callers(topology, world.site);
  callers.begin(CALLERS, CALL_EVERY_MS);
  const onlooker = new Onlooker(topology, callers, world.site);
  world.watch.add(onlooker);
  const custodian = new Custodian(topology, world.site);
  custodian.begin();
  const editor = new Editor(topology, world.site);
  editor.begin();
  injector.arm(plan);
  if (!isOver()) await runUntil(until, isOver);
  const due = Math.ceil(forMs / MS_A_COMMIT);
  const isBusy = (): boolean => world.ledger.commits >= due;
  if (!isOver() && !isBusy()) await runUntil(until + forMs, () => isOver() || isBusy());
  if (!isOver() && !isBusy()) {
    breachOfLiveness(`only ${world.ledger.commits} changes were committed, and ${due} are due even in twice the time`);
  }

  callers.end();
  onlooker.end();
  custodian.end();
  editor.end();
  injector.heal();
  const isWhole = (): boolean => topology.ff !== null && topology.admin !== null && callers.underWay === 0;
  if (!isOver()) await runUntil(time.now + HEAL_MS, () => isOver() || isWhole());
  if (!isOver() && !isWhole()) {
    breachOfLiveness(
      `${HEAL_MS} ms after healing ${callers.underWay} calls are under way, or a process is not up again`,
    );
  }
  if (!isOver()) await runUntil(time.now + SETTLE_MS, isOver);
  const askAtEnd = async (): Promise<void> => {
    for (const checker of checkers) if (!isOver()) await checker.end();
  };
  await askAtEnd().catch(world.site.failed);
  for (const notice of world.notices) coverage.noticed(notice);
  for (const { cache } of topology.replicas) for (const { stats } of cache.spaces) coverage.cached(stats);
  coverage.end();

  return {
    seed,
    hash: world.hash.hex(),
    events: time.events,
    simulatedMs: time.now,
    commits: world.ledger.commits,
    plan,
    felt: world.site.conditions.felt,
    sometimes: coverage.reached,
    checks: new Map(checkers.map(({ id, checks }) => [id, checks])),
    violation,
    exception: world.exception,
  };
}
