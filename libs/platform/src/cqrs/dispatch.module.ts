import { Global, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { Dispatcher } from './dispatcher.ts';
import { DomainEvents } from './domain-events.ts';
import { HandlerCheck } from './handler-check.ts';

/** Commands in, events out, and a look at the handlers before the first of either. Needs a global `Log`. */
@Global()
@Module({
  imports: [CqrsModule.forRoot()],
  providers: [Dispatcher, DomainEvents, HandlerCheck],
  exports: [CqrsModule, Dispatcher, DomainEvents],
})
export class DispatchModule {}
