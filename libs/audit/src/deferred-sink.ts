import { EventsHandler, type IEventHandler } from '@nestjs/cqrs';
import { ndjsonLine } from './domain/search.ts';
import { EnvelopeRecorded } from './envelope-recorded.ts';
import { EnvelopeOut } from './ports/envelope-out.ts';

/** Mirrors every envelope to standard output as NDJSON; the journal keeps it until a sink is delivered to. */
@EventsHandler(EnvelopeRecorded)
export class DeferredSinkHandler implements IEventHandler<EnvelopeRecorded> {
  readonly #out: EnvelopeOut;

  constructor(out: EnvelopeOut) {
    this.#out = out;
  }

  handle({ envelope }: EnvelopeRecorded): void {
    this.#out.write(ndjsonLine(envelope));
  }
}
