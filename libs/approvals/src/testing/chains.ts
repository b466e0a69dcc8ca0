import type { ChainHead } from '#libs/kernel';
import { CHAIN_START, type ChainedRecord, type SourceState, chainHash } from '../domain/ingest.ts';

export const FF = '/ptt/ff';

/** An event of FF as the next record behind `head`. */
export function chained(id: string, head: ChainHead): ChainedRecord {
  const link = { event: { id, source: FF }, sequence: head.sequence + 1, prev_hash: head.hash };
  return { ...link, hash: chainHash(link) };
}

/** The first `count` records of FF's chain. */
export function chainOf(count: number): readonly ChainedRecord[] {
  const records: ChainedRecord[] = [];
  for (let n = 1; n <= count; n += 1) records.push(chained(`e-${n}`, records.at(-1) ?? CHAIN_START));
  return records;
}

/** The state of a source that has accepted these. */
export function stateAfter(records: readonly ChainedRecord[]): SourceState {
  const hashes = new Map(records.map(({ event, hash }) => [event.id, hash]));
  return { head: records.at(-1) ?? CHAIN_START, hashOf: (id) => hashes.get(id) ?? null };
}
