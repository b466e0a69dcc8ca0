import { IssueApproval } from '#libs/approvals';
import { SetOverride } from '#libs/flags';
import { isRecord, parseInstant } from '#libs/kernel';
import type { World } from '../run/world.ts';
import { EPOCH } from '../time/virtual-time.ts';
import type { Answered, Gated, InputRead, Witness } from '../watch/seen.ts';
import { Callers } from '../workload/callers.ts';
import { GATED, PEOPLE, TENANTS, USERS } from '../workload/golden.ts';
import type { Operation } from '../workload/operations.ts';
import type { AdminInstance } from '../world/admin-process.ts';
import type { FfReplica } from '../world/ff-replica.ts';
import { SimProcess } from '../world/process.ts';
import { textOf } from './fields.ts';

/**
 * By then every pause is over that somebody may make: the breaker's longest is 30 s, and for a minute after it asked for
 * a key that the issuer does not have, a key set asks for no other one.
 */
const PAUSES_MS = 61_000;
/** A change waits for a lock, a sync, and its way there and back. */
const ACKNOWLEDGED_MS = 500;
/** An approval that ends so soon may have ended for one of two who look at it, and not for the other. */
const DOUBTFUL_MS = 1_000;
/** Where the calls are under way for so long, they hang: each of them is given up before. */
const GIVEN_UP_MS = 120_000;
const ANYBODY = { tenantId: TENANTS[0], userId: USERS[0], context: {} };
/** Denials of a gate that could not ask, or asked in vain. */
const UNASKED: ReadonlySet<string> = new Set(['admin_unreachable', 'admin_refused']);

/** One call, and what is wrong with its answer; null where nothing is. */
export interface LastCall {
  readonly at: string;
  readonly what: string;
  readonly wrong: string | null;
}

/**
 * Calls of a world in which nothing is wrong any more, as people make them, with a token that everybody has to take: what
 * failed, hung or was passed by under faults has to work again.
 */
export class LastCalls implements Witness {
  readonly #world: World;
  readonly #self: SimProcess;
  readonly #callers: Callers;
  readonly #made: LastCall[] = [];
  /** What each replica said last of a gated flag. */
  readonly #gated = new Map<string, Gated>();
  /** Of what was read last at each replica, one that the process itself did not have. */
  readonly #fetched = new Map<string, InputRead>();

  constructor(world: World) {
    const { time, site, topology } = world;
    this.#world = world;
    this.#self = new SimProcess('last-caller', time, site.wall('callers'));
    this.#callers = new Callers(topology, site);
    world.watch.add(this);
  }

  gated(told: Gated): void {
    this.#gated.set(told.replica, told);
  }

  read(told: InputRead): void {
    if (!told.isInProcess) this.#fetched.set(told.replica, told);
  }

  /** All of them, once every pause is over. */
  async make(): Promise<readonly LastCall[]> {
    const { time, topology, site } = this.#world;
    await time.runUntil(time.now + PAUSES_MS, () => this.#world.exception !== null);
    let isDone = false;
    const calls = [
      ...topology.replicas.map((replica) => this.#ask(replica)),
      ...topology.instances.map((instance) => this.#issue(instance)),
    ];
    Promise.all(calls).then(() => {
      isDone = true;
    }, site.failed);
    await time.runUntil(time.now + GIVEN_UP_MS, () => isDone || this.#world.exception !== null);
    if (!isDone) this.#note('-', 'a call at the end', 'it was not even given up');
    return this.#made;
  }

  /** One replica: every gated flag, then a change. */
  async #ask(replica: FfReplica): Promise<void> {
    const { name } = replica.process;
    for (const flag of Object.keys(GATED)) {
      const question: Operation = { to: 'ff', what: 'evaluate', flag, subject: ANYBODY };
      this.#gated.delete(name);
      const first = await this.#call(replica, question);
      this.#note(name, flag, failureOf(first) ?? this.#gateIsWrong(name, first));
      this.#note(name, flag, await this.#againIsWrong(replica, question));
    }
    const key = { scope: 'tenant', subject_id: `T-${name}`, flag_key: 'ff.plain' } as const;
    const command = new SetOverride(key, { variant: 'on' }, 'it works again', null, null);
    await this.#change(replica, { to: 'ff', what: 'set', command });
  }

  /** What was read a moment ago is at hand, but for once, where it came to its end in between. */
  async #againIsWrong(replica: FfReplica, question: Operation): Promise<string | null> {
    const { name } = replica.process;
    let wrong: string | null = null;
    for (let time = 0; time < 2; time += 1) {
      this.#fetched.delete(name);
      wrong = failureOf(await this.#call(replica, question));
      const fetched = this.#fetched.get(name);
      if (wrong !== null || fetched === undefined) return wrong;
      wrong = `${fetched.key} had just been read, and was fetched again (${fetched.cache})`;
    }
    return wrong;
  }

  /** One instance of Admin: an approval of something that nobody else has one of. */
  async #issue(instance: AdminInstance): Promise<void> {
    const request = {
      target_type: 'feature_flag',
      target_id: `of-${instance.process.name}`,
      matrix_row: 'row-sensitive-override',
      justification: 'it works again',
      sla_deadline: null,
    } as const;
    await this.#change(instance, { to: 'admin', what: 'issue', command: new IssueApproval(request) });
  }

  async #change(target: FfReplica | AdminInstance, operation: Operation): Promise<void> {
    const answered = await this.#call(target, operation);
    const tookMs = Math.round(answered.endedAt - answered.beganAt);
    const isLate = tookMs > ACKNOWLEDGED_MS ? `it took ${tookMs} ms` : null;
    this.#note(target.process.name, `a change (${operation.what})`, failureOf(answered) ?? isLate);
  }

  #call(target: FfReplica | AdminInstance, operation: Operation): Promise<Answered> {
    const { issuer } = this.#world.topology;
    return this.#callers.call(this.#self, target, issuer.freshToken(PEOPLE[0]), operation);
  }

  #note(at: string, what: string, wrong: string | null): void {
    this.#made.push({ at, what, wrong });
  }

  #gateIsWrong(replica: string, { beganAt, endedAt }: Answered): string | null {
    const gated = this.#gated.get(replica);
    if (gated === undefined || gated.decision === null) return 'it was answered without its gate';
    if (UNASKED.has(gated.reason)) return `it was off, and why: ${gated.reason}`;
    const isAllowed = this.#isAllowed(gated, beganAt, endedAt);
    if (isAllowed === null || isAllowed === (gated.decision !== 'deny')) return null;
    return `the gate said ${gated.decision} (${gated.reason}), and Admin's approvals say otherwise`;
  }

  /** What Admin's rows say; null where an approval ends about now. At most one of a place is open. */
  #isAllowed({ flagKey, matrixRow }: Gated, from: number, until: number): boolean | null {
    const { ledger, site } = this.#world;
    const { offsetMs } = site.wall('admin');
    let isAllowed = false;
    for (const key of ledger.keys()) {
      if (!key.startsWith('approval:')) continue;
      const row = ledger.history(key).at(-1)?.row;
      if (!isRecord(row) || row['target_id'] !== flagKey || row['matrix_row'] !== matrixRow) continue;
      const endsAt = row['state'] === 'signed_full' ? parseInstant(textOf(row['sla_deadline'])) : null;
      if (endsAt === null) continue;
      const leftMs = endsAt - EPOCH - offsetMs;
      if (leftMs > from - DOUBTFUL_MS && leftMs < until + DOUBTFUL_MS) return null;
      if (leftMs > until) isAllowed = true;
    }
    return isAllowed;
  }
}

function failureOf({ outcome, detail }: Answered): string | null {
  return outcome === 'done' ? null : `it ended as ${outcome} (${detail ?? 'no reason'})`;
}
