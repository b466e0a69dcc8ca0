/** Why a message was dropped. */
export type DropReason = 'not_json' | 'against_schema';

export interface DroppedMessage {
  readonly channel: string;
  readonly reason: DropReason;
  /** How many of this channel and reason have been dropped by now, this one included. */
  readonly count: number;
}

/** Where the bus says what went wrong: metrics and log of the app. Neither method may throw. */
export abstract class BusReport {
  /** For the metric; `isFirst` of its channel and reason is the one to log. Never with the message: it is not ours. */
  abstract dropped(message: DroppedMessage, isFirst: boolean): void;
  /** A subscriber failed on a message. The message is not delivered again. */
  abstract handlerFailed(channel: string, error: unknown): void;
}
