import type { AuditRecorder, ChainHead } from '#libs/kernel';
import { CHAIN_START, type ChainedRecord, type IngestedRecord, type SourceState } from '../domain/ingest.ts';
import { PlainRecorder } from './approval-machine.ts';

export const FF = '/ptt/ff';

/** The first `count` records of FF's chain. */
export function chainOf(count: number, recorder: AuditRecorder = new PlainRecorder(FF)): readonly ChainedRecord[] {
  const records: ChainedRecord[] = [];
  let head: ChainHead = CHAIN_START;
  for (let n = 1; n <= count; n += 1) {
    const { prev_hash, hash, sequence, event } = recorder.chain({ id: `e-${n}`, source: FF, n }, head);
    records.push({ event, sequence, prev_hash: prev_hash ?? '', hash });
    head = { sequence, hash };
  }
  return records;
}

/** The state of a source that has accepted these. */
export function stateAfter(records: readonly (ChainedRecord | IngestedRecord)[]): SourceState {
  const hashes = new Map(records.map(({ event, hash }) => [event.id, hash]));
  return { head: records.at(-1) ?? CHAIN_START, hashOf: (id) => hashes.get(id) ?? null };
}
