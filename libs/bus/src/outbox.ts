import type { Cancel, Clock, JsonObject, OutboxMessage } from '#libs/kernel';

/** A committed message that was not yet handed over. */
export interface OutboxRow {
  readonly message: OutboxMessage;
  /** The replica that wrote it; null for what nobody's replica did: seeding, somebody's edit of a file. */
  readonly owner: string | null;
  /**
   * Since when its thing has waited to be told of, on the monotonic clock of the outbox: since the first of its
   * messages was committed, or one of them was handed over last.
   */
  readonly at: number;
}

interface Waiting extends OutboxRow {
  at: number;
}

/**
 * What a store has committed and its replicas have yet to tell of, oldest first. Of several messages that have the same
 * entries dropped only the newest is needed, since versions decide: so it is bounded by the entries that there are, and
 * by how often people change approvals.
 *
 * It lives and dies with the process that holds the store. What it held then is nobody's: the next process drops all
 * that is shared before it trusts it, and an allow that was kept ends with its reuse limit.
 */
export class Outbox {
  readonly #clock: Clock;
  /** By what they tell of, those first that have waited longest. */
  readonly #rows = new Map<string, Waiting>();
  readonly #owners = new WeakMap<JsonObject, string>();
  readonly #listeners = new Set<(row: OutboxRow) => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** How long the oldest one has waited, in milliseconds; 0 where none does. */
  get oldestMs(): number {
    const { value: first } = this.#rows.values().next();
    return first === undefined ? 0 : this.ageMs(first);
  }

  ageMs({ at }: OutboxRow): number {
    return this.#clock.monotonicMs() - at;
  }

  /** Whose the messages are, should they be committed. */
  claim(messages: readonly OutboxMessage[], owner: string): void {
    for (const { payload } of messages) this.#owners.set(payload, owner);
  }

  /** Takes committed messages over. */
  add(messages: readonly OutboxMessage[]): void {
    for (const message of messages) {
      const thing = thingOf(message);
      const before = this.#rows.get(thing);
      // Replaced where it stands: a thing that changes all the time must not wait for ever.
      const row = {
        message,
        owner: this.#owners.get(message.payload) ?? null,
        at: before?.at ?? this.#clock.monotonicMs(),
      };
      this.#rows.set(thing, row);
      for (const listener of this.#listeners) listener(row);
    }
  }

  /** Calls back for each row as it comes. It must not throw. */
  onAdded(listener: (row: OutboxRow) => void): Cancel {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The oldest row of those; undefined where there is none. */
  oldest(isWanted: (row: OutboxRow) => boolean): OutboxRow | undefined {
    for (const row of this.#rows.values()) if (isWanted(row)) return row;
    return undefined;
  }

  /** It was handed over. A newer one of the same thing still waits, from now on and behind the others. */
  done(row: OutboxRow): void {
    const thing = thingOf(row.message);
    const now = this.#rows.get(thing);
    if (now === undefined) return;
    const isDone = this.isDone(now, row);
    // Not of another time than that one's, as where a second replica has handed it over as well.
    if (!isDone && now.at !== row.at) return;
    this.#rows.delete(thing);
    if (isDone) return;
    // The row itself stays what it is: somebody may be handing it over already.
    now.at = this.#clock.monotonicMs();
    this.#rows.set(thing, now);
  }

  /** Whether what waits of a thing now is done with a row that was handed over. */
  protected isDone(now: OutboxRow, row: OutboxRow): boolean {
    return now === row;
  }
}

/**
 * What a message tells of: an entry, all entries of a scope; or nothing but itself, as each transition of an approval is
 * to be told.
 */
function thingOf({ channel, payload }: OutboxMessage): string {
  const { namespace, scope, key = scope, event_id } = payload;
  return JSON.stringify(key === undefined ? [channel, event_id] : [channel, namespace, key]);
}
