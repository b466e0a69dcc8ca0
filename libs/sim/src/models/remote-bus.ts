import { BusDriver, BusUnreachable, type MemoryBusDriver, type Receive, type Subscription } from '#libs/bus';
import { type JsonObject, type Scheduler, within } from '#libs/kernel';
import type { Callee, Network } from '../net/network.ts';
import type { VirtualTime } from '../time/virtual-time.ts';
import type { Watch } from '../watch/watch.ts';

/** So many messages pass until a connection that is there again is subscribed anew: it is opened, and asked. */
const RESUBSCRIBE_MESSAGES = 50;
/** A client gives a command up after so long. */
const COMMAND_MS = 500;
/** A message, and the acknowledgement of a subscription, is no later than that: who hears nothing for longer begins anew. */
const LATEST_MS = 1_500;

/** Of one subscription. */
interface Listeners {
  readonly breaks: (() => void)[];
  readonly restores: (() => void)[];
}

/**
 * A replica's end of a bus on another machine, as a Redis client is one: a publish can be lost with its reply, and
 * a broken connection is noticed later than it breaks. What was on its way when it broke is lost; on a slow network
 * it comes late, and in its order.
 */
export class RemoteBus extends BusDriver {
  readonly #driver: MemoryBusDriver;
  readonly #self: Callee & { readonly clock: Scheduler };
  readonly #server: Callee;
  readonly #network: Network;
  readonly #time: VirtualTime;
  readonly #watch: Watch;
  readonly #connects: (() => void)[] = [];
  readonly #listening = new Set<Listeners>();
  #isCut = false;
  #isNoticed = false;
  #isGone = false;
  /** What a slow network holds up, the oldest first: a connection keeps its order. */
  #late: (() => void)[] = [];

  constructor(
    driver: MemoryBusDriver,
    ends: { readonly self: Callee & { readonly clock: Scheduler }; readonly server: Callee },
    { network, time, watch }: { readonly network: Network; readonly time: VirtualTime; readonly watch: Watch },
  ) {
    super();
    this.#driver = driver;
    this.#self = ends.self;
    this.#server = ends.server;
    this.#network = network;
    this.#time = time;
    this.#watch = watch;
    this.#self.life.onEnd(() => this.#leave());
  }

  /** Whether the process takes its subscription for whole. */
  get isConnected(): boolean {
    return !this.#isNoticed;
  }

  async publish(channel: string, payload: JsonObject): Promise<void> {
    await within(
      this.#self.clock,
      COMMAND_MS,
      () => this.#network.call(this.#self, this.#server, () => this.#take(channel, payload)),
      () => new BusUnreachable(channel, `no answer within ${COMMAND_MS} ms`),
    );
  }

  async subscribe(channel: string, receive: Receive): Promise<Subscription> {
    const below = await this.#driver.subscribe(channel, (text) =>
      this.#arrive(() => {
        this.#network.overheard?.(this.#self.name, channel, text);
        this.#self.life.run(() => receive(text));
      }),
    );
    const listeners: Listeners = { breaks: [], restores: [] };
    this.#listening.add(listeners);
    return {
      channel,
      onBreak: (listener) => void listeners.breaks.push(listener),
      onRestored: (listener) => void listeners.restores.push(listener),
      close: () => {
        this.#listening.delete(listeners);
        return below.close();
      },
    };
  }

  async close(): Promise<void> {
    await this.#driver.close();
  }

  /** Calls back when the connection is there again, just before any subscription is acknowledged. */
  onConnected(listener: () => void): void {
    this.#connects.push(listener);
  }

  /**
   * The connection breaks now, and is noticed `noticeMs` later, unless it is back by then: then as it comes back.
   * @returns false where it was broken already
   */
  cut(noticeMs: number): boolean {
    if (this.#isCut) return false;
    this.#break();
    this.#time.after(noticeMs, () => this.#notice());
    return true;
  }

  /** It is there again; somewhat later every subscription is acknowledged. */
  restore(acknowledged: () => void): void {
    if (!this.#isCut) return;
    this.#notice();
    this.#self.life.run(() => {
      for (const listener of this.#connects) listener();
    });
    const ms = RESUBSCRIBE_MESSAGES * this.#network.latency(this.#server.name, this.#self.name);
    this.#time.after(Math.min(ms, LATEST_MS), () => this.#acknowledge(acknowledged));
  }

  #arrive(message: () => void): void {
    const lateMs = this.#network.weather.delayMs(this.#server.name, this.#self.name);
    const late = this.#late;
    late.push(message);
    // What comes at once has pushed all before it through.
    if (lateMs === 0) for (const each of late.splice(0)) each();
    else this.#time.after(Math.min(lateMs, LATEST_MS), () => late.shift()?.());
  }

  /** The process is gone: nobody listens any more. */
  #leave(): void {
    if (!this.#isCut) this.#break();
    this.#isNoticed = true;
    this.#isGone = true;
  }

  #break(): void {
    this.#isCut = true;
    this.#late.length = 0;
    this.#late = [];
    this.#driver.disconnect();
  }

  #acknowledge(acknowledged: () => void): void {
    if (!this.#isCut || this.#isGone) return;
    this.#driver.reconnect();
    this.#isCut = false;
    this.#isNoticed = false;
    this.#self.life.run(() => {
      for (const { restores } of this.#listening) for (const listener of restores) listener();
    });
    acknowledged();
  }

  /** At the other end. */
  async #take(channel: string, payload: JsonObject): Promise<void> {
    await this.#driver.publish(channel, payload);
    this.#watch.published({ publisher: this.#self.name, message: payload, at: this.#time.now });
  }

  #notice(): void {
    if (!this.#isCut || this.#isNoticed) return;
    this.#isNoticed = true;
    this.#self.life.run(() => {
      for (const { breaks } of this.#listening) for (const listener of breaks) listener();
    });
  }
}
