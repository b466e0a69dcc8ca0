import type { JsonObject } from '#libs/kernel';
import type { Commit, Heard, Lived, StoreName } from '../watch/seen.ts';
import { textOf } from './fields.ts';

/** A message that was committed, and nothing of it handed over yet. */
interface Untold {
  readonly id: string;
  readonly store: StoreName;
  readonly at: number;
  /** What it has dropped; null where it tells of nothing but itself. */
  readonly thing: string | null;
}

/** A message that was handed over, and by whom it has to be heard. */
interface Unheard {
  readonly id: string;
  readonly at: number;
  readonly by: Set<string>;
}

/** Follows every message of both stores from its commit to the bus, and from there to the replicas that listen. */
export class Announcements {
  readonly #committed = new Set<string>();
  /** By event id, the oldest first. */
  readonly #untold = new Map<string, Untold>();
  /** The untold ones of each thing, the oldest first. */
  readonly #ofThing = new Map<string, readonly Untold[]>();
  readonly #unheard = new Map<string, Unheard>();
  readonly #up = new Set<string>();
  readonly #cut = new Set<string>();
  readonly #paused = new Set<string>();

  /** The one that has waited longest to be handed over. */
  get oldestUntold(): Untold | undefined {
    return this.#untold.values().next().value;
  }

  /** The one that has been on its way to somebody for longest. */
  get oldestUnheard(): Unheard | undefined {
    return this.#unheard.values().next().value;
  }

  committed({ store, line, at, isFound }: Commit): void {
    for (const { payload } of line.messages) {
      const id = idOf(payload);
      this.#committed.add(id);
      // Nobody tells of what a dead process had not told of: its outbox went with it.
      if (isFound) continue;
      const untold = { id, store, at, thing: thingOf(payload) };
      this.#untold.set(id, untold);
      if (untold.thing !== null) this.#ofThing.set(untold.thing, [...this.#waiting(untold.thing), untold]);
    }
  }

  /** A bus took it. @returns whether it was committed by then */
  handedOver(message: JsonObject, at: number): boolean {
    const id = idOf(message);
    const untold = this.#untold.get(id);
    if (untold !== undefined) this.#tell(untold);
    const by = new Set([...this.#up].filter((name) => !this.#cut.has(name) && !this.#paused.has(name)));
    // A repeat has to be heard too: where the first was on its way, by then at the latest.
    if (by.size > 0 && !this.#unheard.has(id)) this.#unheard.set(id, { id, at, by });
    return this.#committed.has(id);
  }

  /** @returns when it was handed over, where it was still to be heard by that replica */
  heard({ replica, message }: Pick<Heard, 'replica' | 'message'>): number | undefined {
    const unheard = this.#unheard.get(idOf(message));
    if (unheard?.by.has(replica) !== true) return undefined;
    this.#forget(unheard, replica);
    return unheard.at;
  }

  lived({ name, what }: Lived): void {
    const store = name.startsWith('ff-') ? 'ff' : 'admin';
    // With the process goes what it had to tell. FF's next one drops the tier; an allow that was kept has its limit.
    if (what === 'down') for (const untold of this.#untold.values()) if (untold.store === store) this.#tell(untold);
    if (store === 'admin') return;
    if (what === 'down') this.#up.delete(name);
    if (what === 'up') this.#up.add(name);
    if (what === 'cut') this.#cut.add(name);
    if (what === 'up' || what === 'restored') this.#cut.delete(name);
    if (what === 'paused') this.#paused.add(name);
    if (what === 'up' || what === 'resumed') this.#paused.delete(name);
    // What was on its way to it is lost, or waits with it.
    for (const unheard of this.#unheard.values()) this.#forget(unheard, name);
  }

  /** It is handed over, and with it whatever waited of the same thing before it: versions decide. */
  #tell({ id, thing }: Untold): void {
    this.#untold.delete(id);
    if (thing === null) return;
    const waiting = this.#waiting(thing);
    const last = waiting.findIndex((one) => one.id === id);
    for (const before of waiting.slice(0, last)) this.#untold.delete(before.id);
    const left = waiting.slice(last + 1);
    if (left.length === 0) this.#ofThing.delete(thing);
    else this.#ofThing.set(thing, left);
  }

  #waiting(thing: string): readonly Untold[] {
    return this.#ofThing.get(thing) ?? [];
  }

  #forget(unheard: Unheard, replica: string): void {
    unheard.by.delete(replica);
    if (unheard.by.size === 0) this.#unheard.delete(unheard.id);
  }
}

function idOf({ event_id: id }: JsonObject): string {
  return textOf(id);
}

/** Of an entry, and of a scope, the newest message is enough; each transition of an approval is to be told. */
function thingOf({ namespace, key, scope }: JsonObject): string | null {
  if (typeof key === 'string') return key;
  return scope === undefined ? null : `${textOf(namespace)} ${textOf(scope)}`;
}
