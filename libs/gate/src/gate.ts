import { LIMITS, sha256Hex, type Clock, type Random, type Scheduler } from '#libs/kernel';
import {
  AdminRefused,
  AdminUnreachable,
  type ApprovalCheck,
  type Asker,
  type SensitiveCheck,
} from './approval-check.ts';
import { Breaker, type BreakerState, type Pass } from './breaker.ts';
import { Deadline } from './deadline.ts';
import { decisionOf, deniedBy, type GateDecision } from './gate-decision.ts';
import { questionKey, Reuse, type RefreshedTarget } from './reuse.ts';

export interface GatePorts {
  readonly approvals: ApprovalCheck;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** Told why a call to Admin failed or was refused, for the log: the caller only hears that it was. */
  readonly report: (failure: unknown) => void;
}

/**
 * Stands between a gated flag and Admin. Everything it says for one request is said within
 * LIMITS.gateDeadlineMs, nothing is asked twice, and every doubt is a denial.
 */
export class Gate {
  readonly #approvals: ApprovalCheck;
  readonly #scheduler: Scheduler;
  readonly #report: (failure: unknown) => void;
  readonly #breaker: Breaker;
  readonly #reuse: Reuse;

  /** @param options.reuseMs PTT_GATE_REUSE_MS, 0 to 30,000. */
  constructor(
    ports: GatePorts,
    options: { readonly reuseMs: number },
    reuse = new Reuse(ports.clock, options.reuseMs),
  ) {
    this.#approvals = ports.approvals;
    this.#scheduler = ports.scheduler;
    this.#report = ports.report;
    this.#reuse = reuse;
    this.#breaker = new Breaker(ports.clock, ports.random, () => this.#reuse.dropAll());
  }

  get breakerState(): BreakerState {
    return this.#breaker.state;
  }

  /** How many allows may be reused, for metrics. */
  get reusableAllows(): number {
    return this.#reuse.size;
  }

  /** How many questions wait for Admin, for metrics. */
  get questionsUnderWay(): number {
    return this.#reuse.questionsUnderWay;
  }

  /** One decision a question, in their order. Never rejects. */
  async check(questions: readonly SensitiveCheck[], asker: Asker): Promise<readonly GateDecision[]> {
    const subject = subjectOf(asker);
    const keyed = questions.map((question): Keyed => [questionKey(question, subject), question]);
    const decisions = new Map<string, GateDecision>();
    const unanswered = new Map<string, SensitiveCheck>();
    for (const [key, question] of keyed) {
      const reusable = this.#reuse.allowFor(key);
      if (reusable === null) unanswered.set(key, question);
      else decisions.set(key, reusable);
    }
    if (unanswered.size > 0) await this.#askAll([...unanswered], asker, decisions);
    return keyed.map(([key]) => decisions.get(key) ?? deniedBy('admin_unreachable'));
  }

  /** An approval of this target changed: the event `approval_ttl_refresh`. */
  onRefresh(payload: RefreshedTarget): void {
    this.#reuse.onRefresh(payload);
  }

  /** Events may have been missed. */
  onSubscriptionBreak(): void {
    this.#reuse.dropAll();
  }

  /** Adds the decision of each question. */
  async #askAll(questions: readonly Keyed[], asker: Asker, decisions: Map<string, GateDecision>): Promise<void> {
    const deadline = new Deadline(this.#scheduler);
    const batches: Promise<void>[] = [];
    for (let from = 0; from < questions.length; from += LIMITS.checksPerCall) {
      batches.push(this.#askBatch(questions.slice(from, from + LIMITS.checksPerCall), asker, deadline, decisions));
    }
    await Promise.all(batches);
    deadline.end();
  }

  async #askBatch(
    batch: readonly Keyed[],
    asker: Asker,
    deadline: Deadline,
    decisions: Map<string, GateDecision>,
  ): Promise<void> {
    const pass = this.#breaker.enter();
    // What is not decided is denied as unreachable.
    if (pass === null) return;
    const open = batch.map(([key, check]) => this.#reuse.sent(check, key));
    const checks = batch.map(([, check]) => check);
    try {
      const answers = await deadline.within(this.#ask(checks, asker, deadline.signal));
      pass.succeeded();
      for (const [index, answer] of answers.entries()) {
        const question = open[index];
        if (question === undefined) break;
        const decision = decisionOf(answer);
        this.#reuse.keep(question, decision, answer.valid_for_ms ?? 0);
        decisions.set(question.key, decision);
      }
    } catch (error) {
      this.#report(error);
      const denial = denialFor(error, pass);
      for (const { key } of open) decisions.set(key, denial);
    } finally {
      for (const question of open) this.#reuse.close(question);
    }
  }

  async #ask(batch: readonly SensitiveCheck[], asker: Asker, signal: AbortSignal) {
    const answers = await this.#approvals.ask(batch, asker, signal);
    if (answers.length !== batch.length) {
      throw new AdminUnreachable(`${answers.length} answers to ${batch.length} questions`);
    }
    return answers;
  }
}

function denialFor(error: unknown, pass: Pass): GateDecision {
  if (error instanceof AdminRefused) {
    pass.refused();
    return deniedBy('admin_refused');
  }
  pass.failed();
  return deniedBy('admin_unreachable');
}

/** A question by its key. */
type Keyed = readonly [key: string, check: SensitiveCheck];

/**
 * What an answer depends on beside target and row. A verified token's holder and approval are what Admin would
 * read from it too. Of claims that nobody checked nothing follows: Admin may refuse one token and take another
 * with the same claims, so an answer belongs to that very token.
 */
function subjectOf(asker: Asker): string {
  const { actor, subjectToken } = asker;
  const isKnown = subjectToken === null || actor.verified;
  return JSON.stringify(isKnown ? [subjectToken !== null, actor.id, actor.approvalRef] : [sha256Hex(subjectToken)]);
}
