import { BaseRpcContext, type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { invariant } from '#libs/kernel';
import type { BusDriver, Subscription } from './driver.ts';
import { type ChannelValidators, MessageCheck } from './message-check.ts';
import type { BusReport } from './report.ts';

/** What a server tells: messages of that channel may be missed from now on, or come again. */
export interface BusServerEvents extends Record<string, (channel: string) => void> {
  break: (channel: string) => void;
  restored: (channel: string) => void;
}

export interface BusServerOptions {
  readonly driver: BusDriver;
  readonly validators: ChannelValidators;
  readonly report: BusReport;
}

/**
 * Nest's transport over a `BusDriver`: `@EventPattern('channel')` methods get each message that its schema allows, in
 * the order it came. Every handler of a channel is called and answers for itself: an error of one is reported, and
 * reaches neither the bus nor the others.
 *
 * Nest's own way of keeping several handlers (a linked list, joined) loses the errors of all but the first, and its
 * `handleEvent` resolves before a returned stream has ended; hence both are our own here.
 */
export class BusServer extends Server<BusServerEvents> implements CustomTransportStrategy {
  /** `connectBus` has errors handed to us as they are; Nest need not log them too. */
  override readonly propagatesEventHandlerErrors = true;
  readonly #driver: BusDriver;
  readonly #check: MessageCheck;
  readonly #report: BusReport;
  readonly #handlers = new Map<string, MessageHandler[]>();
  readonly #listeners: { readonly event: string; readonly callback: (channel: string) => void }[] = [];
  #subscriptions: readonly Subscription[] = [];

  constructor({ driver, validators, report }: BusServerOptions) {
    super();
    this.#driver = driver;
    this.#check = new MessageCheck(validators, report);
    this.#report = report;
  }

  override addHandler(
    pattern: unknown,
    callback: MessageHandler,
    isEventHandler = false,
    extras: Record<string, unknown> = {},
  ): void {
    invariant(typeof pattern === 'string' && isEventHandler, 'the bus carries events: @EventPattern(channel)');
    const others = this.#handlers.get(pattern);
    if (others === undefined) {
      super.addHandler(pattern, callback, isEventHandler, extras);
      this.#handlers.set(pattern, [callback]);
    } else {
      others.push(callback);
    }
  }

  /** Calls back when every channel with a handler is acknowledged, or with the reason why not. */
  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      this.#subscriptions = await Promise.all([...this.#handlers.keys()].map((channel) => this.#subscribe(channel)));
    } catch (error) {
      callback(error);
      return;
    }
    callback();
  }

  async close(): Promise<void> {
    await Promise.all(this.#subscriptions.map((subscription) => subscription.close()));
    this.#subscriptions = [];
  }

  override on<Name extends keyof BusServerEvents>(event: Name, callback: BusServerEvents[Name]): void {
    this.#listeners.push({ event: String(event), callback });
  }

  override unwrap<T>(): T;
  override unwrap(): unknown {
    return this.#driver;
  }

  /** Calls every handler of the channel; resolves when all are done, whatever became of them. */
  override async handleEvent(channel: string, packet: { readonly data: unknown }): Promise<void> {
    const context = new BaseRpcContext([channel]);
    const handlers = this.#handlers.get(channel) ?? [];
    await Promise.all(handlers.map((handler) => this.#call(handler, channel, packet.data, context)));
  }

  async #subscribe(channel: string): Promise<Subscription> {
    invariant(this.#check.knows(channel), `the channel ${channel} has a schema`);
    const subscription = await this.#driver.subscribe(channel, (text) => this.#receive(channel, text));
    subscription.onBreak(() => this.#tell('break', channel));
    subscription.onRestored(() => this.#tell('restored', channel));
    return subscription;
  }

  #receive(channel: string, text: string): void {
    const data = this.#check.read(channel, text);
    if (data !== null) void this.handleEvent(channel, { data });
  }

  async #call(handler: MessageHandler, channel: string, data: unknown, context: BaseRpcContext): Promise<void> {
    try {
      const answer: unknown = await handler(data, context);
      if (isObservable(answer)) await lastValueFrom(answer, { defaultValue: undefined });
    } catch (error) {
      this.#report.handlerFailed(channel, error);
    }
  }

  #tell(event: 'break' | 'restored', channel: string): void {
    for (const listener of this.#listeners) {
      if (listener.event === event) listener.callback(channel);
    }
  }
}
