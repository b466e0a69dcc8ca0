import type { ChainHead } from '#libs/kernel';
import { type ChainedEnvelope, GENESIS, hashOf } from './envelope.ts';

/** What can be wrong with a record by itself or with its link to the one before. */
export type LinkFault =
  /** The hash is not that of the record: some of it was changed. */
  | 'hash_mismatch'
  /** The record is whole, but follows another record than the one before it. */
  | 'prev_hash_mismatch'
  /** The first record does not begin at 64 zeros: what was before it was cut off. */
  | 'wrong_first_prev_hash'
  /** A record of that sequence was there already. */
  | 'repeated_sequence'
  /** Records between the last one and this one are not there. */
  | 'sequence_ahead';

/** How a record fits behind `head`; null when it does. */
export function linkFault(envelope: ChainedEnvelope, head: ChainHead): LinkFault | null {
  if (!hasOwnHash(envelope)) return 'hash_mismatch';
  if (envelope.sequence <= head.sequence) return 'repeated_sequence';
  if (envelope.sequence > head.sequence + 1) return 'sequence_ahead';
  if (envelope.prev_hash === head.hash) return null;
  return head.sequence === GENESIS.sequence ? 'wrong_first_prev_hash' : 'prev_hash_mismatch';
}

function hasOwnHash({ event, sequence, prev_hash, hash }: ChainedEnvelope): boolean {
  try {
    return hashOf(event, sequence, prev_hash) === hash;
  } catch {
    // What has no canonical form was never hashed by us: somebody put it there.
    return false;
  }
}
