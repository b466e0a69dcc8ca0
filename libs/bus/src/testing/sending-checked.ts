import { invariant, type JsonObject } from '#libs/kernel';
import { BusDriver, type Receive, type Subscription } from '../driver.ts';
import type { ChannelValidators } from '../message-check.ts';

/** A driver that refuses to send what its channel's schema does not allow: for tests and simulation. */
export class SendingChecked extends BusDriver {
  readonly #below: BusDriver;
  readonly #validators: ChannelValidators;

  constructor(below: BusDriver, validators: ChannelValidators) {
    super();
    this.#below = below;
    this.#validators = validators;
  }

  get isConnected(): boolean {
    return this.#below.isConnected;
  }

  async publish(channel: string, payload: JsonObject): Promise<void> {
    const isValid = this.#validators[channel];
    invariant(isValid !== undefined, `the channel ${channel} has a schema`);
    invariant(isValid(payload), `what is sent on ${channel} is what its schema says`);
    await this.#below.publish(channel, payload);
  }

  subscribe(channel: string, receive: Receive): Promise<Subscription> {
    return this.#below.subscribe(channel, receive);
  }

  close(): Promise<void> {
    return this.#below.close();
  }
}
