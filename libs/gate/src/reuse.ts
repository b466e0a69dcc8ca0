import { invariant, LIMITS, type Clock } from '#libs/kernel';
import type { GateDecision } from './gate-decision.ts';
import type { SensitiveCheck } from './approval-check.ts';

/** The longest PTT_GATE_REUSE_MS: it bounds how long a withdrawn approval can go on counting. */
const REUSE_MAX_MS = 30_000;

/** What a refresh names. */
export type RefreshedTarget = { readonly target_type: string; readonly target_id: string };

/**
 * Allows that may answer again, in this process, without asking.
 *
 * A question on its way is open from `sent` until `close`. A refresh of its target, a break of the subscription
 * or an opened breaker meanwhile spoils it, since its answer may be older than what happened; a spoilt answer
 * is given, and not kept. Denials are never kept.
 */
export class Reuse {
  readonly #clock: Clock;
  readonly #reuseMs: number;
  /** In the order in which they were kept, so that the first is the oldest. */
  readonly #kept = new Map<string, Kept>();
  readonly #open = new Set<OpenQuestion>();

  /** @param reuseMs PTT_GATE_REUSE_MS, 0 to 30,000; 0 keeps nothing. */
  constructor(clock: Clock, reuseMs: number) {
    invariant(reuseMs >= 0 && reuseMs <= REUSE_MAX_MS, 'PTT_GATE_REUSE_MS is 0 to 30000');
    this.#clock = clock;
    this.#reuseMs = reuseMs;
  }

  /** On the monotonic clock. */
  protected get now(): number {
    return this.#clock.monotonicMs();
  }

  /** How many allows are kept, for metrics. */
  get size(): number {
    return this.#kept.size;
  }

  /** How many questions are on their way, for metrics. */
  get questionsUnderWay(): number {
    return this.#open.size;
  }

  /** The allow that still counts for this question. @param key of `questionKey`. */
  allowFor(key: string): GateDecision | null {
    const kept = this.#kept.get(key);
    if (kept === undefined) return null;
    if (this.now < kept.until) return kept.decision;
    this.#kept.delete(key);
    return null;
  }

  /** The question leaves now: its answer's time is counted from here. */
  sent(check: SensitiveCheck, key: string): OpenQuestion {
    const question = { target: targetOf(check), key, sentAt: this.now, isSpoilt: false };
    this.#open.add(question);
    return question;
  }

  /** The question has its answer, or never will. */
  close(question: OpenQuestion): void {
    this.#open.delete(question);
  }

  /** Keeps the decision of an open question when it is an allow and was not spoilt. */
  keep(question: OpenQuestion, decision: GateDecision, validForMs: number): void {
    if (question.isSpoilt || decision.decision === 'deny') return;
    const until = question.sentAt + Math.min(this.#reuseMs, validForMs);
    if (this.now >= until) return;
    // Kept anew, it is the newest.
    this.#kept.delete(question.key);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size < LIMITS.reusableAllows) break;
      this.#kept.delete(oldest);
    }
    this.#kept.set(question.key, { decision, until, target: question.target });
  }

  /** Admin says that an approval of this target changed. */
  onRefresh(refreshed: RefreshedTarget): void {
    const target = targetOf(refreshed);
    for (const question of this.#open) if (question.target === target) question.isSpoilt = true;
    // All kept ones are looked at: they are bounded, and a refresh is somebody's signature, so it is rare.
    for (const [key, kept] of this.#kept) if (kept.target === target) this.#kept.delete(key);
  }

  /** Something may have been missed: nothing kept or on its way can be trusted later. */
  dropAll(): void {
    for (const question of this.#open) question.isSpoilt = true;
    this.#kept.clear();
  }
}

/** A question on its way. */
export interface OpenQuestion {
  readonly target: string;
  readonly key: string;
  readonly sentAt: number;
  isSpoilt: boolean;
}

interface Kept {
  readonly decision: GateDecision;
  readonly until: number;
  readonly target: string;
}

/** One key a question. JSON delimits its parts whatever stands in them, so no two questions share one. */
export function questionKey(check: SensitiveCheck, subject: string): string {
  return `${JSON.stringify([check.target_type, check.target_id, check.matrix_row])}${subject}`;
}

function targetOf(named: RefreshedTarget): string {
  return JSON.stringify([named.target_type, named.target_id]);
}
