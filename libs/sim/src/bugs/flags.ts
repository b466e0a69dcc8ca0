import { Cache, type Space, type SpaceOptions, type SpacePorts } from '#libs/cache';
import {
  andThen,
  type Asker,
  type DerivedFrom,
  type Evaluation,
  type Flag,
  FlagEvaluator,
  type InputReader,
  type OverrideScope,
  type Subject,
} from '#libs/flags';
import type { JsonValue } from '#libs/kernel';
import { objectOf } from '../checkers/fields.ts';
import { type Bug, overlaid } from './bug.ts';

const EVALUATOR = ['evaluate-flag', 'evaluate-flags'].map((name) => `libs/flags/src/use-cases/${name}.test.ts`);

/** Faults of what a flag answers. */
export const BUGS: readonly Bug[] = [
  {
    id: 'end-lost-on-the-way',
    invariant: 'I9',
    what: 'An override is shared without its end, so that a replica that is filled by another has it for good.',
    tests: ['libs/flags/src/adapters/cached-inputs.test.ts'],
    plant: () =>
      overlaid(
        Cache,
        class extends Cache {
          protected override makeSpace<T>(options: SpaceOptions<T>, ports: SpacePorts): Space<T> {
            const { namespace, codec } = options;
            if (namespace !== 'override') return super.makeSpace(options, ports);
            const write = (value: T): JsonValue => ({ ...objectOf(codec.write(value)), expires_at: null });
            return super.makeSpace({ ...options, codec: { ...codec, write } }, ports);
          }
        },
      ),
  },
  {
    id: 'ended-user-override-counts',
    invariant: 'I9',
    what: 'An override of a user counts for as long as it is there, whether or not it has ended.',
    tests: EVALUATOR,
    plant: () =>
      overlaid(
        FlagEvaluator,
        class extends FlagEvaluator {
          override evaluate(reader: InputReader, flags: readonly Flag[], subject: Subject, asker: Asker) {
            return super.evaluate(new Endless(reader), flags, subject, asker);
          }
        },
      ),
  },
  {
    id: 'denied-keeps-user-value',
    invariant: 'I11',
    what: 'A denial leaves what an override of the user gave: the reason is the gate’s, the value is not.',
    tests: EVALUATOR,
    plant: () =>
      overlaid(
        FlagEvaluator,
        class extends FlagEvaluator {
          override evaluate(reader: InputReader, flags: readonly Flag[], subject: Subject, asker: Asker) {
            return andThen(super.evaluate(reader, flags, subject, asker), ({ at, evaluations }) => ({
              at,
              evaluations: evaluations.map(withUserValue),
            }));
          }
        },
      ),
  },
  {
    id: 'sensitive-not-gated',
    invariant: 'I11',
    what: 'A flag is gated where it says that it requires approval, and not where it says that it is sensitive.',
    tests: EVALUATOR,
    plant: () =>
      overlaid(
        FlagEvaluator,
        class extends FlagEvaluator {
          override evaluate(reader: InputReader, flags: readonly Flag[], subject: Subject, asker: Asker) {
            const taken = flags.map((flag) => (flag.sensitive_flag ? { ...flag, sensitive_flag: false } : flag));
            return super.evaluate(reader, taken, subject, asker);
          }
        },
      ),
  },
];

function withUserValue(evaluation: Evaluation): Evaluation {
  const [{ value }] = evaluation.chain;
  if (evaluation.gate?.decision !== 'deny' || value === undefined) return evaluation;
  return { ...evaluation, value, enabled: value === true };
}

/** Reads by which a user's override has no end. */
class Endless implements InputReader {
  constructor(private readonly below: InputReader) {}

  get cache(): InputReader['cache'] {
    return this.below.cache;
  }

  flag(key: string) {
    return this.below.flag(key);
  }

  override(flagKey: string, scope: OverrideScope, subjectId: string) {
    return andThen(this.below.override(flagKey, scope, subjectId), (stored) =>
      scope === 'tenant' || stored.value === null
        ? stored
        : { ...stored, value: { ...stored.value, endsAt: Infinity } },
    );
  }

  derived(from: DerivedFrom, evaluate: () => Evaluation): Evaluation {
    return this.below.derived(from, evaluate);
  }
}
