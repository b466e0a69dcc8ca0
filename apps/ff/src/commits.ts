import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { EnvelopeRecorded } from '#libs/audit';
import { invalidationEvent } from '#libs/flags';
import type { Cancel } from '#libs/kernel';
import { DomainEvents, FileStore } from '#libs/platform';

/** Tells of each committed line, as CQRS events: first what changed, then its records. One per store and process. */
@Injectable()
export class Commits implements OnModuleInit, OnModuleDestroy {
  #end: Cancel = () => undefined;

  constructor(
    private readonly files: FileStore,
    private readonly events: DomainEvents,
  ) {}

  onModuleInit(): void {
    this.#end = this.files.onCommit(({ messages, records }) => {
      const changes = messages.flatMap((message) => invalidationEvent(message) ?? []);
      this.events.publish([...changes, ...records.map((envelope) => new EnvelopeRecorded(envelope))]);
    });
  }

  onModuleDestroy(): void {
    this.#end();
  }
}
