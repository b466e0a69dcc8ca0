import { type Cancel, type OutboxMessage, type Scheduler, within } from '#libs/kernel';
import { BusUnreachable } from './driver.ts';
import type { Outbox, OutboxRow } from './outbox.ts';

/**
 * Between two tries to hand a message over: at first, and at most. In milliseconds. With a hand-over that hangs it is
 * tried again within the two seconds in which all must be well after the transport is.
 */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 500;
/** A transport that has not acknowledged by then is asked again. */
const HAND_OVER_MS = 1_000;
/** What has waited for so long was left by a replica that is gone, or in trouble. */
const TAKEOVER_MS = 1_000;

export interface RelayPorts {
  readonly outbox: Outbox;
  readonly scheduler: Scheduler;
  /** Hands one message over; resolves with the acknowledgement. May be called again for a message that did arrive. */
  readonly announce: (message: OutboxMessage) => Promise<void>;
  /** Told of the first failure of each run of them, for the log. */
  readonly report: (failure: unknown, message: OutboxMessage) => void;
}

export interface RelayOptions {
  /** Whose relay it is, as `Outbox.claim` has it. */
  readonly replica: string;
  /** True for the one replica of a store that tells at once of what is nobody's. */
  readonly isMain: boolean;
}

/**
 * Hands on what was committed, after the fact and never in a request: each message until it is acknowledged, oldest
 * first. A replica hands on its own at once, and whatever has waited for a second, whosever it was.
 */
export class Relay {
  readonly #ports: RelayPorts;
  readonly #options: RelayOptions;
  readonly #ends: readonly Cancel[];
  #running: Promise<void> | null = null;
  #isClosed = false;

  constructor(ports: RelayPorts, options: RelayOptions) {
    this.#ports = ports;
    this.#options = options;
    this.#ends = [
      ports.outbox.onAdded((row) => {
        if (this.isMine(row)) this.#wake();
      }),
      ports.scheduler.every(TAKEOVER_MS, () => this.#wake()),
    ];
  }

  /** Begins nothing more, and resolves when what is under way has ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const end of this.#ends) end();
    await this.#running;
  }

  /** A replica's own rows are its to tell of, and nobody's are the main one's. */
  protected isMine({ owner }: OutboxRow): boolean {
    return owner === null ? this.#options.isMain : owner === this.#options.replica;
  }

  /** Whoever wrote it has had its time. */
  protected isLeftBehind(row: OutboxRow): boolean {
    return this.#ports.outbox.ageMs(row) >= TAKEOVER_MS;
  }

  #wake(): void {
    if (!this.#isClosed) this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    // Those that were committed together are taken over together.
    await Promise.resolve();
    let pauseMs = 0;
    for (const row of this.#due()) {
      try {
        await this.handOver(row);
        this.#ports.outbox.done(row);
        pauseMs = 0;
      } catch (failure) {
        if (pauseMs === 0) this.#ports.report(failure, row.message);
        pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, pauseMs * 2));
        await this.#ports.scheduler.sleep(pauseMs);
      }
    }
    this.#running = null;
  }

  protected handOver({ message }: OutboxRow): Promise<void> {
    const { scheduler, announce } = this.#ports;
    return within(
      scheduler,
      HAND_OVER_MS,
      () => announce(message),
      () => new BusUnreachable(message.channel, `no acknowledgement within ${HAND_OVER_MS} ms`),
    );
  }

  /** The oldest row that is due, as long as there is one. */
  *#due(): Generator<OutboxRow> {
    while (!this.#isClosed) {
      const row = this.#ports.outbox.oldest((one) => this.isMine(one) || this.isLeftBehind(one));
      if (row === undefined) return;
      yield row;
    }
  }
}
