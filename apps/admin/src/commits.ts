import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { approvalTransitionedOf } from '#libs/approvals';
import { EnvelopeRecorded } from '#libs/audit';
import type { Cancel } from '#libs/kernel';
import { DomainEvents, FileStore } from '#libs/platform';

/** Tells of each committed line, as CQRS events: first what changed, then its records. */
@Injectable()
export class Commits implements OnModuleInit, OnModuleDestroy {
  #end: Cancel = () => undefined;

  constructor(
    private readonly files: FileStore,
    private readonly events: DomainEvents,
  ) {}

  onModuleInit(): void {
    this.#end = this.files.onCommit(({ messages, records }) => {
      const changes = messages.flatMap((message) => approvalTransitionedOf(message) ?? []);
      this.events.publish([...changes, ...records.map((envelope) => new EnvelopeRecorded(envelope))]);
    });
  }

  onModuleDestroy(): void {
    this.#end();
  }
}
