import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { EventBus, UnhandledExceptionBus, type IEvent } from '@nestjs/cqrs';
import type { Subscription } from 'rxjs';
import { Log } from '../telemetry/log.ts';

/**
 * Tells this process what was committed. Handlers start in the order of the events and of nothing else is sure:
 * what must not be lost stands in the journal. Nest's bus drops a handler's error; here it is reported.
 */
@Injectable()
export class DomainEvents implements OnModuleInit, OnModuleDestroy {
  #subscription: Subscription | null = null;

  constructor(
    private readonly bus: EventBus,
    private readonly unhandled: UnhandledExceptionBus,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.#subscription = this.unhandled.subscribe(({ cause, exception }) => {
      this.log.error('an event handler failed', { event: cause.constructor.name, err: exception });
    });
  }

  onModuleDestroy(): void {
    this.#subscription?.unsubscribe();
  }

  /** Called after the commit, with the events of one change in their order. Never throws. */
  publish(events: readonly IEvent[]): void {
    this.bus.publishAll([...events]);
  }
}
