import {
  Breaker,
  Gate,
  type GateDecision,
  type OpenQuestion,
  type Pass,
  type RefreshedTarget,
  Reuse,
} from '#libs/gate';
import { JwksKeySet } from '#libs/identity';
import { type Bug, overlaid } from './bug.ts';

const TESTS = ['libs/gate/src/reuse.test.ts', 'libs/gate/src/gate-reuse.test.ts'];
const BREAKER = ['libs/gate/src/breaker*.test.ts', 'libs/gate/src/gate.test.ts'];
const KEYS = ['libs/identity/src/jwks-*.test.ts', 'libs/identity/src/remembered-tokens.test.ts'];

/** Faults of what asks others: the gate, and the issuer's keys. */
export const BUGS: readonly Bug[] = [
  {
    id: 'allow-kept-over-edit',
    invariant: 'I11',
    what: 'A refresh that tells of an edit drops no allow: the target is the same one, after all.',
    tests: TESTS,
    plant: () =>
      overlaid(
        Gate,
        class extends Gate {
          override onRefresh(payload: RefreshedTarget): void {
            if (!('cause' in payload) || payload.cause !== 'edited') super.onRefresh(payload);
          }
        },
      ),
  },
  {
    id: 'reuse-renews-itself',
    invariant: 'I11',
    what: 'An allow with a warning that is used again counts from then on, not from its question.',
    tests: TESTS,
    plant: () => {
      const questions = new WeakMap<GateDecision, OpenQuestion>();
      return overlaid(
        Reuse,
        class extends Reuse {
          override keep(question: OpenQuestion, decision: GateDecision, validForMs: number): void {
            questions.set(decision, question);
            super.keep(question, decision, validForMs);
          }

          override allowFor(key: string): GateDecision | null {
            const decision = super.allowFor(key);
            const question = decision === null ? undefined : questions.get(decision);
            if (question !== undefined && decision?.decision === 'allow-with-warning') {
              this.keep({ ...question, sentAt: this.now }, decision, Infinity);
            }
            return decision;
          }
        },
      );
    },
  },
  {
    id: 'reuse-counted-from-answer',
    invariant: 'I11',
    what: 'How long an allow with a warning may be used again counts from its answer, not from its question.',
    tests: TESTS,
    plant: () =>
      overlaid(
        Reuse,
        class extends Reuse {
          override keep(question: OpenQuestion, decision: GateDecision, validForMs: number): void {
            const isWarning = decision.decision === 'allow-with-warning';
            super.keep(isWarning ? { ...question, sentAt: this.now } : question, decision, validForMs);
          }
        },
      ),
  },
  {
    id: 'breaker-stays-open',
    invariant: 'I8',
    what: 'Opened by a call that took its time to fail, the breaker never goes half-open.',
    tests: BREAKER,
    plant: () => {
      const stuck = new WeakSet<Breaker>();
      return overlaid(
        Breaker,
        class extends Breaker {
          override enter(): Pass | null {
            const pass = stuck.has(this) ? null : super.enter();
            if (pass === null) return null;
            const enteredAt = this.clock.monotonicMs();
            const failed = (): void => {
              const before = this.state;
              pass.failed();
              const isLate = this.clock.monotonicMs() > enteredAt;
              if (isLate && before === 'closed' && this.state === 'open') stuck.add(this);
            };
            return { ...pass, failed };
          }
        },
      );
    },
  },
  {
    id: 'jwks-flush-forgotten',
    invariant: 'I10',
    what: 'The keys are forgotten the first two times that they have to be, and never again.',
    tests: KEYS,
    plant: () => {
      const flushes = new WeakMap<JwksKeySet, number>();
      return overlaid(
        JwksKeySet,
        class extends JwksKeySet {
          override flush(): void {
            const count = (flushes.get(this) ?? 0) + 1;
            flushes.set(this, count);
            if (count <= 2) super.flush();
          }
        },
      );
    },
  },
  {
    id: 'unknown-kid-refetched',
    invariant: 'I10',
    what: 'A kid that was known once has the keys read each time that it comes: only others wait for their minute.',
    tests: KEYS,
    plant: () => {
      const known = new WeakMap<JwksKeySet, Set<string>>();
      return overlaid(
        JwksKeySet,
        class extends JwksKeySet {
          override known(kid: string) {
            const key = super.known(kid);
            const kids = known.get(this) ?? new Set();
            if (key !== undefined) known.set(this, kids.add(kid));
            return key;
          }

          protected override mayAskFor(kid: string, sinceMs: number): boolean {
            return known.get(this)?.has(kid) === true || super.mayAskFor(kid, sinceMs);
          }
        },
      );
    },
  },
];
