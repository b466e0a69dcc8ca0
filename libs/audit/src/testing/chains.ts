import { type AuditEntry, type ChainHead, type Ids, systemActor } from '#libs/kernel';
import { type ChainedEnvelope, GENESIS } from '../domain/envelope.ts';
import type { AuditSource } from '../domain/event.ts';
import { ChainedRecorder } from '../recorder.ts';

/** 2026-11-22T00:00:00.000Z: the instant of a chain's first record; the others follow by a second each. */
export const CHAIN_AT = Date.UTC(2026, 10, 22);

/** A sound chain of these entries behind `head`. */
export function chainOf(
  source: AuditSource,
  ids: Ids,
  entries: readonly AuditEntry[],
  head: ChainHead = GENESIS,
): readonly ChainedEnvelope[] {
  const recorder = new ChainedRecorder(source, ids);
  const actor = systemActor('operator');
  let last = head;
  return entries.map((entry, index) => {
    const at = CHAIN_AT + index * 1_000;
    const envelope = recorder.chain(recorder.event(entry, { actor, trace: { correlationId: `c-${index}` }, at }), last);
    last = envelope;
    return envelope;
  });
}

/** `count` entries that differ. */
export function entriesOf(count: number): readonly AuditEntry[] {
  return Array.from({ length: count }, (_, index) => ({
    action: 'override.set',
    target: { type: 'flag', id: `ff.${index}` },
    after: { value: index % 2 === 0, note: 'ä', list: [index, null] },
    outcome: 'accepted',
  }));
}
