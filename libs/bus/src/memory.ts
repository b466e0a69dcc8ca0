import { invariant, type JsonObject } from '#libs/kernel';
import { BusDriver, BusUnreachable, type Receive, type Subscription } from './driver.ts';

/** When a message that was handed over is delivered. Each task is run once, whenever; or never, and it is lost. */
export type Deliver = (task: () => void) => void;

/** The one wire in a process that all memory drivers of a bus share. */
export class MemoryBusHub {
  readonly #deliver: Deliver;
  readonly #listening = new Set<MemorySubscription>();

  constructor(deliver: Deliver = queueMicrotask) {
    this.#deliver = deliver;
  }

  /** Hands a text to everybody who listens now. */
  send(channel: string, text: string): void {
    for (const subscription of this.#listening) {
      if (subscription.channel === channel) subscription.handOver(text, this.#deliver);
    }
  }

  join(subscription: MemorySubscription): void {
    this.#listening.add(subscription);
  }

  leave(subscription: MemorySubscription): void {
    this.#listening.delete(subscription);
  }
}

/**
 * Messages on their way to one subscriber. A delivery takes the oldest one, so that order holds however deliveries
 * are scheduled; a break gives a new, empty queue, so that deliveries begun before it find nothing.
 */
class MemorySubscription implements Subscription {
  readonly channel: string;
  readonly #receive: Receive;
  readonly #hub: MemoryBusHub;
  readonly #breaks: (() => void)[] = [];
  readonly #restores: (() => void)[] = [];
  readonly #ended: (subscription: MemorySubscription) => void;
  #underWay: string[] = [];

  constructor(channel: string, receive: Receive, hub: MemoryBusHub, ended: (subscription: MemorySubscription) => void) {
    this.channel = channel;
    this.#receive = receive;
    this.#hub = hub;
    this.#ended = ended;
  }

  handOver(text: string, deliver: Deliver): void {
    const underWay = this.#underWay;
    underWay.push(text);
    deliver(() => {
      const oldest = underWay.shift();
      if (oldest !== undefined) this.#receive(oldest);
    });
  }

  onBreak(listener: () => void): void {
    this.#breaks.push(listener);
  }

  onRestored(listener: () => void): void {
    this.#restores.push(listener);
  }

  listen(): void {
    this.#hub.join(this);
  }

  cut(): void {
    this.#hub.leave(this);
    this.#underWay.length = 0;
    this.#underWay = [];
  }

  tellBreak(): void {
    for (const listener of this.#breaks) listener();
  }

  tellRestored(): void {
    for (const listener of this.#restores) listener();
  }

  close(): Promise<void> {
    this.cut();
    this.#ended(this);
    return Promise.resolve();
  }
}

/**
 * One replica's end of a hub. States: connected ⇄ disconnected → closed.
 */
export class MemoryBusDriver extends BusDriver {
  readonly #hub: MemoryBusHub;
  readonly #subscriptions = new Set<MemorySubscription>();
  #state: 'connected' | 'disconnected' | 'closed' = 'connected';

  constructor(hub: MemoryBusHub) {
    super();
    this.#hub = hub;
  }

  get isConnected(): boolean {
    return this.#state === 'connected';
  }

  async publish(channel: string, payload: JsonObject): Promise<void> {
    this.#mustReach(channel);
    // As text, so that no subscriber shares an object with the publisher, here no more than across a network.
    this.#hub.send(channel, JSON.stringify(payload));
  }

  async subscribe(channel: string, receive: Receive): Promise<Subscription> {
    this.#mustReach(channel);
    const subscription = new MemorySubscription(channel, receive, this.#hub, (ended) => {
      this.#subscriptions.delete(ended);
    });
    this.#subscriptions.add(subscription);
    subscription.listen();
    return subscription;
  }

  /** The connection is lost: so is what was on its way to this replica, and whatever is published until `reconnect`. */
  disconnect(): void {
    invariant(this.#state === 'connected', 'only a connected driver loses its connection');
    this.#state = 'disconnected';
    for (const subscription of this.#subscriptions) subscription.cut();
    for (const subscription of this.#subscriptions) subscription.tellBreak();
  }

  /** The connection is there again, and every subscription acknowledged. */
  reconnect(): void {
    invariant(this.#state === 'disconnected', 'only a disconnected driver reconnects');
    this.#state = 'connected';
    for (const subscription of this.#subscriptions) subscription.listen();
    for (const subscription of this.#subscriptions) subscription.tellRestored();
  }

  async close(): Promise<void> {
    this.#state = 'closed';
    for (const subscription of this.#subscriptions) await subscription.close();
  }

  #mustReach(channel: string): void {
    if (this.#state !== 'connected') throw new BusUnreachable(channel, `this replica's bus is ${this.#state}`);
  }
}
