import type { OutboxMessage, Scheduler } from '#libs/kernel';
import { BusClient } from './client.ts';
import type { BusDriver } from './driver.ts';

/** Between two tries to hand a message over: at first, and at most. In milliseconds. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** Where a relay says that a message was not taken: log of the app. */
export interface RelayReport {
  notHandedOver(failure: unknown, message: OutboxMessage): void;
}

export interface RelayPorts {
  /** Hands one message over; resolves with the acknowledgement. May be called again for a message that did arrive. */
  readonly announce: (message: OutboxMessage) => Promise<void>;
  readonly scheduler: Scheduler;
  /** Told of the first failure of each run of them, for the log. */
  readonly report: (failure: unknown, message: OutboxMessage) => void;
}

/**
 * Hands on what was committed, after the fact and never in a request: each message until it is acknowledged, oldest
 * first. What waits for long is thinned out: of several messages of one thing only the newest is needed, since
 * versions decide. What a process leaves undone when it ends is nobody's: whoever kept something by it drops all of
 * it with the connection.
 */
export class Relay {
  readonly #ports: RelayPorts;
  /** By what they tell of, in the order in which that first changed. */
  readonly #waiting = new Map<string, OutboxMessage>();
  #running: Promise<void> | null = null;
  #isClosed = false;

  constructor(ports: RelayPorts) {
    this.#ports = ports;
  }

  /** One that hands messages to a bus. */
  static over(driver: BusDriver, scheduler: Scheduler, report: RelayReport): Relay {
    const client = new BusClient(driver);
    return new Relay({
      announce: ({ channel, payload }) => client.announce(channel, payload),
      scheduler,
      report: (failure, message) => report.notHandedOver(failure, message),
    });
  }

  /** How many messages are not acknowledged. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Takes a committed message over. Never throws. */
  add(message: OutboxMessage): void {
    if (this.#isClosed) return;
    this.#waiting.set(thingOf(message), message);
    this.#running ??= this.#run();
  }

  /** Begins nothing more, and resolves when what is under way has ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    // Those that were committed together are taken over together.
    await Promise.resolve();
    let pauseMs = 0;
    for (const next of this.#oldest()) {
      const [thing, message] = next;
      try {
        await this.#ports.announce(message);
        // A newer one that came meanwhile still waits.
        if (this.#waiting.get(thing) === message) this.#waiting.delete(thing);
        pauseMs = 0;
      } catch (failure) {
        if (pauseMs === 0) this.#ports.report(failure, message);
        pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, pauseMs * 2));
        await this.#ports.scheduler.sleep(pauseMs);
      }
    }
    this.#running = null;
  }

  /** The oldest one that waits, as long as there is one. */
  *#oldest(): Generator<readonly [string, OutboxMessage]> {
    while (!this.#isClosed) {
      const { value: first } = this.#waiting.entries().next();
      if (first === undefined) return;
      yield first;
    }
  }
}

/** What a message tells of; one without a name of its own tells of nothing but itself. */
function thingOf({ channel, payload }: OutboxMessage): string {
  const name = payload['key'] ?? payload['approval_id'] ?? payload['event_id'];
  return JSON.stringify([channel, name]);
}
