import { ClientProxy, type ReadPacket, type WritePacket } from '@nestjs/microservices';
import { invariant, type JsonObject } from '#libs/kernel';
import type { BusDriver } from './driver.ts';

/**
 * Nest's client over a `BusDriver`. `announce` is the way to publish: its failure is its caller's, while that of
 * `emit` is lost with an observable that nobody subscribed to.
 */
export class BusClient extends ClientProxy {
  readonly #driver: BusDriver;

  constructor(driver: BusDriver) {
    super();
    this.#driver = driver;
  }

  /** Publishes a message; resolves when the transport took it. @throws BusUnreachable */
  announce(channel: string, payload: JsonObject): Promise<void> {
    return this.#driver.publish(channel, payload);
  }

  /** The driver connects itself. */
  connect(): Promise<void> {
    return Promise.resolve();
  }

  /** Leaves the driver open: it belongs to whoever made it. */
  close(): void {}

  override unwrap<T>(): T;
  override unwrap(): unknown {
    return this.#driver;
  }

  protected override dispatchEvent<T>(packet: ReadPacket<JsonObject>): Promise<T>;
  protected override async dispatchEvent(packet: ReadPacket<JsonObject>): Promise<unknown> {
    const channel: unknown = packet.pattern;
    invariant(typeof channel === 'string', 'a channel is a string');
    await this.announce(channel, packet.data);
    return undefined;
  }

  protected override publish(_packet: ReadPacket, callback: (packet: WritePacket) => void): () => void {
    callback({ err: new Error('The bus carries events, not requests: use `announce` or `emit`.'), isDisposed: true });
    return () => undefined;
  }
}
