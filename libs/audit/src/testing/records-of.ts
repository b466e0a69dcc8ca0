import type { Envelope } from '#libs/kernel';
import type { ReadRecord } from '../domain/verify.ts';

/** The records of journal lines for `verifyChain`, each in the chain of the source it says. */
export async function* recordsOf(
  lines: AsyncIterable<{ readonly records: readonly Envelope[] }>,
): AsyncGenerator<ReadRecord, void, void> {
  for await (const { records } of lines)
    for (const envelope of records) yield { source: envelope.event.source, envelope };
}
