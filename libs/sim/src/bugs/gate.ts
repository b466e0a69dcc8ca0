import { Gate, type GateDecision, type OpenQuestion, type RefreshedTarget, Reuse } from '#libs/gate';
import { JwksKeySet } from '#libs/identity';
import { type Bug, overlaid } from './bug.ts';

const TESTS = ['libs/gate/src'];
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
    id: 'reuse-counted-from-answer',
    invariant: 'I11',
    what: 'An allow with a warning may be used again from its answer on, not from its question.',
    tests: TESTS,
    plant: () => {
      return overlaid(
        Reuse,
        class extends Reuse {
          override keep(question: OpenQuestion, decision: GateDecision, validForMs: number): void {
            const isWarning = decision.decision === 'allow-with-warning';
            super.keep(isWarning ? { ...question, sentAt: this.now } : question, decision, validForMs);
          }
        },
      );
    },
  },
  {
    id: 'jwks-flush-forgotten',
    invariant: 'I10',
    what: 'The keys are forgotten the first time that somebody invalidates them, and never again.',
    tests: KEYS,
    plant: () => {
      const flushed = new WeakSet<JwksKeySet>();
      return overlaid(
        JwksKeySet,
        class extends JwksKeySet {
          override flush(): void {
            if (!flushed.has(this)) super.flush();
            flushed.add(this);
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
