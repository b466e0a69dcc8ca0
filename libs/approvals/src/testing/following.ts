import * as fc from 'fast-check';
import type { Signature } from '../domain/index.ts';
import { histories, live } from './histories.ts';
import { Ledger, resultOf } from './ledger.ts';
import type { Happening, World } from './world.ts';

/** As `expect`, for what is asked many thousand times: a claim with what was found beside it. */
export function expectThat(holds: boolean, ...found: readonly unknown[]): void {
  if (!holds) throw new Error(`does not hold: ${JSON.stringify(found)}`);
}

/** Follows a world with a ledger; every command must come to what the ledger says. */
function follow(ledger: Ledger, world: World, from: number): number {
  for (const happening of world.past.slice(from)) {
    const newId = happening.command.do === 'issue' ? (happening.after?.id ?? 'refused') : null;
    const expected = ledger.expect(happening.command, happening.at, newId);
    expectThat(resultOf(happening) === expected, expected, happening);
  }
  return world.past.length;
}

/** Lets histories happen beside a ledger, and looks after every step. */
export function always(look: (world: World, ledger: Ledger) => void, numRuns = 150): void {
  fc.assert(
    fc.property(histories, (history) => {
      const ledger = new Ledger();
      let followed = 0;
      live(history, (world) => {
        followed = follow(ledger, world, followed);
        look(world, ledger);
      });
    }),
    { numRuns },
  );
}

/** Lets histories happen, and looks at each once it is over. */
export function afterwards(look: (world: World) => void, numRuns = 150): void {
  fc.assert(
    fc.property(histories, (history) => look(live(history))),
    { numRuns },
  );
}

export const accepted = (world: World, what: Happening['command']['do']): Happening[] =>
  world.past.filter(({ command, after, changes }) => command.do === what && after !== null && changes.length > 0);

/** The signature that an accepted command added. */
export function signatureOf({ after }: Pick<Happening, 'after'>): Signature | undefined {
  return after?.signatures.at(-1);
}
