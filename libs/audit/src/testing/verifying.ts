import { SequentialIds } from '#libs/platform/testing';
import { type ChainedEnvelope, hashOf } from '../domain/envelope.ts';
import type { ExpectedChain, Verification } from '../domain/verification.ts';
import { type ReadRecord, verifyChain } from '../domain/verify.ts';
import { chainOf, entriesOf } from './chains.ts';

export const FF = '/ptt/ff';
export const ADMIN = '/ptt/admin';

/** FF's chain of so many records, the same at each call. */
export const ff = (count: number): ChainedEnvelope[] => [...chainOf(FF, new SequentialIds(), entriesOf(count))];

/** The records one by one, and then the error, where one is given. */
export async function* stream(records: readonly ReadRecord[], error?: Error): AsyncGenerator<ReadRecord> {
  yield* records;
  if (error !== undefined) throw error;
}

/** What is found in these as FF's chain. */
export function verify(envelopes: readonly unknown[], expected?: readonly ExpectedChain[]): Promise<Verification> {
  return verifyChain(stream(envelopes.map((envelope) => ({ source: FF, envelope }))), expected);
}

/** The chain with other content, and hashes that hold. */
export function rehashed(envelope: ChainedEnvelope, change: Partial<ChainedEnvelope>): ChainedEnvelope {
  const changed = { ...envelope, ...change };
  return { ...changed, hash: hashOf(changed.event, changed.sequence, changed.prev_hash) };
}

/** @throws RangeError where the list has no such item */
export function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new RangeError(`nothing at ${index}`);
  return item;
}
