import { PttError } from '#libs/kernel';
import { GENESIS, isChainedEnvelope } from './envelope.ts';
import { type LinkFault, linkFault } from './link.ts';
import type { Alteration, ExpectedChain, SoundChain, Verification } from './verification.ts';

/** A record as it was read: nothing about the envelope is taken for granted. */
export interface ReadRecord {
  readonly source: string;
  readonly envelope: unknown;
}

type Unsound = Exclude<Verification, { kind: 'sound' }>;

/**
 * Walks chains in the order they were written, one record in memory at a time, and names the first bad record.
 * A cut at the very end leaves a shorter sound chain: only an expected head shows it.
 */
export async function verifyChain(
  records: AsyncIterable<ReadRecord>,
  expected: readonly ExpectedChain[] = [],
): Promise<Verification> {
  const walk = new ChainWalk(expected);
  try {
    for await (const record of records) {
      if (walk.take(record)) break;
    }
  } catch (error) {
    return walk.broken(error);
  }
  return walk.end();
}

/**
 * The states of a walk: sound so far → a record is missing (read on: it may come later) → decided.
 */
class ChainWalk {
  readonly #chains = new Map<string, SoundChain>();
  readonly #expected: readonly ExpectedChain[];
  #missing: Extract<Verification, { kind: 'gap' }> | null = null;
  #decided: Unsound | null = null;

  constructor(expected: readonly ExpectedChain[]) {
    this.#expected = expected;
  }

  /** Whether it is decided. */
  take({ source, envelope }: ReadRecord): boolean {
    this.#decided = this.#missing === null ? this.#check(source, envelope) : this.#seek(this.#missing, envelope);
    return this.#decided !== null;
  }

  /** The records ended. */
  end(): Verification {
    const unsound = this.#decided ?? this.#missing ?? this.#tooShort();
    return unsound ?? { kind: 'sound', sources: [...this.#chains.values()] };
  }

  /** The records could not be read on. What was found before that stands. */
  broken(error: unknown): Verification {
    if (this.#missing !== null) return this.#missing;
    if (error instanceof PttError && error.code === 'journal_damaged') {
      return altered('journal_damaged', null, null, error.message);
    }
    return { kind: 'unchecked', detail: 'the records could not be read to their end', cause: error };
  }

  #check(source: string, envelope: unknown): Unsound | null {
    const chain = this.#chains.get(source);
    const head = chain === undefined ? GENESIS : { sequence: chain.lastSequence, hash: chain.lastHash };
    if (!isChainedEnvelope(envelope)) {
      const detail = `what follows record ${head.sequence} of ${source} is no chained envelope`;
      return altered('malformed', source, null, detail);
    }
    const { sequence, hash } = envelope;
    const fault = linkFault(envelope, head);
    if (fault === 'sequence_ahead') {
      this.#missing = gap(source, head.sequence + 1, sequence);
      return null;
    }
    if (fault !== null) return altered(fault, source, sequence, SAYS[fault]);
    if (envelope.event.source !== source) {
      return altered('foreign_source', source, sequence, `the record says that it is of ${envelope.event.source}`);
    }
    const count = (chain?.count ?? 0) + 1;
    this.#chains.set(source, { source, firstSequence: 1, lastSequence: sequence, lastHash: hash, count });
    return this.#againstHead(source, sequence, hash);
  }

  #againstHead(source: string, sequence: number, hash: string): Unsound | null {
    const isForged = this.#expected.some(
      ({ source: of, head }) => of === source && head?.sequence === sequence && head.hash !== hash,
    );
    if (!isForged) return null;
    return altered('head_mismatch', source, sequence, 'the chain is whole, but its hash is not the expected one');
  }

  /** Reads on behind a missing record: found later it was moved, not found it is gone. */
  #seek(missing: Extract<Verification, { kind: 'gap' }>, envelope: unknown): Unsound | null {
    if (!isChainedEnvelope(envelope) || envelope.event.source !== missing.source) return null;
    if (envelope.sequence !== missing.missing) return null;
    return altered('reordered', missing.source, missing.missing, `record ${missing.next} stands before it`);
  }

  #tooShort(): Unsound | null {
    for (const { source, head } of this.#expected) {
      const last = this.#chains.get(source)?.lastSequence ?? 0;
      if (last < (head?.sequence ?? 1)) return gap(source, last + 1, null);
    }
    return null;
  }
}

const SAYS: Readonly<Record<Exclude<LinkFault, 'sequence_ahead'>, string>> = {
  hash_mismatch: 'its hash is not the hash of what it holds',
  prev_hash_mismatch: 'it does not follow the record before it',
  wrong_first_prev_hash: 'it is the first, but follows a record that is not there',
  repeated_sequence: 'a record of that sequence was there before',
};

function altered(what: Alteration, source: string | null, sequence: number | null, detail: string): Unsound {
  return { kind: 'altered', what, source, sequence, detail };
}

function gap(source: string, missing: number, next: number | null): Extract<Verification, { kind: 'gap' }> {
  const detail = next === null ? 'the chain ends before it' : `record ${next} is there, records before it are not`;
  return { kind: 'gap', source, missing, next, detail };
}
