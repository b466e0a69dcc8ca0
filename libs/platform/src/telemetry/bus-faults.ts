import type { Counter, Metrics } from './metrics.ts';
import type { Log } from './log.ts';

/** Counts and logs what goes wrong on the bus. Structurally libs/bus's `BusReport`, and what its relays report. */
export class BusFaults {
  readonly #dropped: Counter<'channel' | 'reason'>;
  readonly #failed: Counter<'channel'>;
  readonly #log: Log;

  constructor(metrics: Metrics, log: Log) {
    this.#log = log;
    this.#dropped = metrics.counter({
      name: 'ptt_bus_messages_dropped_total',
      help: 'Messages that were no JSON or against their schema',
      labels: ['channel', 'reason'],
    });
    this.#failed = metrics.counter({
      name: 'ptt_bus_handler_failures_total',
      help: 'Messages that a subscriber failed on',
      labels: ['channel'],
    });
  }

  /** Each kind is logged once; the rest is counted. Never the message: it is not ours. */
  dropped({ channel, reason }: { readonly channel: string; readonly reason: string }, isFirst: boolean): void {
    this.#dropped.add({ channel, reason });
    if (isFirst) this.#log.warn('messages on the bus are dropped', { channel, reason });
  }

  notHandedOver(failure: unknown, { channel }: { readonly channel: string }): void {
    this.#log.warn('a message was not handed over; it is tried again', { channel, err: failure });
  }

  handlerFailed(channel: string, error: unknown): void {
    this.#failed.add({ channel });
    this.#log.error('a subscriber failed on a message', { channel, err: error });
  }
}
