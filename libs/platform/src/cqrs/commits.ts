import type { FactoryProvider, OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import type { IEvent } from '@nestjs/cqrs';
import type { Cancel, Envelope, OutboxMessage } from '#libs/kernel';
import { FileStore } from '../file-store/index.ts';
import { DomainEvents } from './domain-events.ts';

/** As which CQRS events a service tells of what a committed line holds. */
export interface EventsOfLine {
  /** Null for a message that tells nobody in this process anything. */
  readonly ofMessage: (message: OutboxMessage) => IEvent | null;
  readonly ofRecord: (envelope: Envelope) => IEvent;
}

/** Tells of each committed line, as CQRS events: first what changed, then its records. One per store and process. */
export class Commits implements OnModuleInit, OnModuleDestroy {
  #end: Cancel = () => undefined;

  private constructor(
    private readonly files: FileStore,
    private readonly events: DomainEvents,
    private readonly as: EventsOfLine,
  ) {}

  /** For a module that provides the store. */
  static toldAs(as: EventsOfLine): FactoryProvider<Commits> {
    return {
      provide: Commits,
      inject: [FileStore, DomainEvents],
      useFactory: (files: FileStore, events: DomainEvents) => new Commits(files, events, as),
    };
  }

  onModuleInit(): void {
    this.#end = this.files.onCommit(({ messages, records }) => {
      const changes = messages.flatMap((message) => this.as.ofMessage(message) ?? []);
      this.events.publish([...changes, ...records.map(this.as.ofRecord)]);
    });
  }

  onModuleDestroy(): void {
    this.#end();
  }
}
