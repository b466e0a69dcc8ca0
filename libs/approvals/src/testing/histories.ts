import * as fc from 'fast-check';
import { unreachable } from '#libs/kernel';
import type { Person, Place } from '../domain/index.ts';
import { DAY_MS, DUAL, HOUR_MS, ISSUED_AT, SINGLE } from './samples.ts';
import { type Command, World } from './world.ts';

/** A step of a history; it says `which` approval by number, since ids are not known beforehand. */
type Step =
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'go'; readonly which: number; readonly beyondDeadline: number }
  | { readonly do: 'ask'; readonly as: Ask; readonly which: number; readonly seenBehind: number };

type Ask =
  | { readonly do: 'issue'; readonly by: Person; readonly place: Place; readonly within: number | null }
  | { readonly do: 'sign'; readonly by: Person; readonly role: string }
  | { readonly do: 'edit'; readonly by: Person; readonly justification: string | null; readonly later: number | null }
  | { readonly do: 'reject' | 'withdraw'; readonly by: Person };

export const PEOPLE: readonly Person[] = [
  { id: 'ann', roles: ['product_owner', 'finance_gate'] },
  { id: 'bob', roles: ['finance_gate', 'legal_gate'] },
  { id: 'cid', roles: ['product_owner', 'legal_gate'] },
  { id: 'dan', roles: ['product_owner', 'finance_gate', 'legal_gate'] },
  { id: 'eve', roles: [] },
];
export const PLACES: readonly Place[] = [SINGLE, DUAL, { ...DUAL, target_id: 'ff.other' }];
const ROLES = ['product_owner', 'finance_gate', 'legal_gate'];

const by = fc.constantFrom(...PEOPLE);

const ask: fc.Arbitrary<Ask> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('issue' as const),
      by,
      place: fc.constantFrom(...PLACES),
      within: fc.option(fc.constantFrom(0, 1, HOUR_MS, DAY_MS, 2 * DAY_MS, 7 * DAY_MS + 1), { freq: 2 }),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('sign' as const), by, role: fc.constantFrom(...ROLES) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      by,
      justification: fc.option(fc.constantFrom('because', 'better')),
      later: fc.option(fc.constantFrom(-HOUR_MS, 0, HOUR_MS, 2 * DAY_MS)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('reject' as const, 'withdraw' as const), by }) },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, HOUR_MS, DAY_MS) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('go' as const),
      which: fc.nat({ max: 5 }),
      beyondDeadline: fc.constantFrom(-1, 0, 1, DAY_MS, DAY_MS + 1),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      as: ask,
      which: fc.nat({ max: 5 }),
      seenBehind: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(-1, 1) }),
    }),
  },
);

/** Histories of up to 60 steps; they begin with something issued, or most of their steps would meet nothing. */
export const histories: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    fc.constantFrom(...PLACES).map((place): Step => {
      const [first] = PEOPLE;
      return {
        do: 'ask',
        as: { do: 'issue', by: first ?? { id: 'ann', roles: [] }, place, within: null },
        which: 0,
        seenBehind: 0,
      };
    }),
    fc.array(step, { maxLength: 60, size: 'max' }),
  )
  .map(([first, rest]) => [first].concat(rest));

/** Lets a history happen; `onStep` is called after each step, `run` after each command. */
export function live(history: readonly Step[], onStep: (world: World) => void = () => undefined): World {
  const world = new World();
  for (const next of history) {
    if (next.do === 'wait') world.at += next.ms;
    else if (next.do === 'go') goTo(world, next);
    else world.run(commandOf(world, next));
    onStep(world);
  }
  return world;
}

/** Time goes forward only. */
function goTo(world: World, { which, beyondDeadline }: Extract<Step, { do: 'go' }>): void {
  const deadline = numbered(world, which)?.sla_deadline ?? ISSUED_AT;
  world.at = Math.max(world.at, deadline + beyondDeadline);
}

function numbered(world: World, which: number) {
  // The newest first: what is asked for meets what is alive more often than not.
  const approvals = [...world.approvals.values()].toReversed();
  return approvals[which % Math.max(1, approvals.length)];
}

function commandOf(world: World, { as, which, seenBehind }: Extract<Step, { do: 'ask' }>): Command {
  if (as.do === 'issue') {
    return { do: 'issue', by: as.by, place: as.place, sla_deadline: as.within === null ? null : world.at + as.within };
  }
  const approval = numbered(world, which);
  const id = approval?.id ?? 'APP-999999-nobody';
  const seen = Math.max(1, (approval?.revision ?? 1) - seenBehind);
  switch (as.do) {
    case 'sign':
      return { do: 'sign', by: as.by, id, seen, role: as.role };
    case 'edit': {
      const sla_deadline = as.later === null ? null : (approval?.sla_deadline ?? world.at) + as.later;
      return { do: 'edit', by: as.by, id, seen, justification: as.justification, sla_deadline };
    }
    case 'reject':
    case 'withdraw':
      return { do: as.do, by: as.by, id, seen };
    default:
      return unreachable(as);
  }
}
