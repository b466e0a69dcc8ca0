import type { JsonObject } from '#libs/kernel';

/** What listens on one channel, from the acknowledgement of the transport on. */
export interface Subscription {
  readonly channel: string;
  /** Calls back when messages may begin to be missed, until `onRestored`. */
  onBreak(listener: () => void): void;
  /** Calls back when the transport has acknowledged the subscription anew; what came in between is lost. */
  onRestored(listener: () => void): void;
  close(): Promise<void>;
}

/** Takes a message's text as it came. It must not throw. */
export type Receive = (text: string) => void;

/**
 * What is below the bus: carries texts of JSON from a publisher to every subscriber of a channel, its own included.
 * At most once, in the publisher's order per subscriber. A message is a hint; nothing is correct only because it came.
 */
export abstract class BusDriver {
  /** False from when the loss of the transport is noticed until it is there again. */
  abstract readonly isConnected: boolean;
  /** Resolves when the transport took the message. @throws BusUnreachable when it could not be handed over */
  abstract publish(channel: string, payload: JsonObject): Promise<void>;
  /** Resolves when the transport acknowledged. @throws BusUnreachable */
  abstract subscribe(channel: string, receive: Receive): Promise<Subscription>;
  /** Ends all subscriptions; from then on nothing can be published. */
  abstract close(): Promise<void>;
}

/** The transport could not be reached. Never for a caller of the API: the change it tells of is committed. */
export class BusUnreachable extends Error {
  override readonly name = 'BusUnreachable';
  readonly channel: string;

  constructor(channel: string, why: string) {
    super(`${channel}: ${why}`);
    this.channel = channel;
  }
}
