import type { Envelope } from '#libs/kernel';
import type { ReadRecord } from './verify.ts';

/** What a journal line has for the trail. */
export interface RecordedLine {
  readonly records: readonly Envelope[];
}

/** The envelopes of journal lines, in the order they were written. */
export async function* envelopesOf(lines: AsyncIterable<RecordedLine>): AsyncGenerator<Envelope, void, void> {
  for await (const line of lines) yield* line.records;
}

/** The records of journal lines for `verifyChain`, each in the chain of the source it says. */
export async function* recordsOf(lines: AsyncIterable<RecordedLine>): AsyncGenerator<ReadRecord, void, void> {
  for await (const envelope of envelopesOf(lines)) yield { source: envelope.event.source, envelope };
}
