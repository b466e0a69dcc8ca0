import type { BulkFlagAnswer, Flag, HeldOverride } from '#libs/flags';
import { toIso } from '#libs/kernel';
import type { Version } from '../watch/ledger.ts';
import type { RequestRead, RequestReads } from '../watch/request-reads.ts';
import type { Derivation, Evaluated, InputRead } from '../watch/seen.ts';
import { Checker } from './checker.ts';
import { isSameJson } from './fields.ts';
import { endOf, type Expected, expectedOf } from './precedence.ts';

/**
 * Precedence holds: what is read says what was committed under its version, and an answer says what precedence makes of
 * the rows that its request read, at the instant that it names. A derived entry is used with no other inputs than its
 * own: it says what the rules say of those in hand.
 */
export class PrecedenceHolds extends Checker {
  readonly id = 'I9';
  /** What was read, with the version that it was found to say: a cached entry is compared once. */
  readonly #known = new WeakMap<Flag | HeldOverride, Version>();

  read({ replica, key, version, value }: InputRead): void {
    this.check(
      this.#isCommitted(key, version, value),
      () => `version ${version} was read as ${JSON.stringify(value)}, and committed as something else`,
      { replica, key },
    );
  }

  derived({ replica, flagKey, given, expected }: Derivation): void {
    this.check(
      isSameJson(given, expected),
      () => `it gave ${JSON.stringify(given)}, and its inputs give ${JSON.stringify(expected)}`,
      { replica, key: flagKey },
    );
  }

  evaluated({ replica, answer, evaluatedAt, subject, reads }: Evaluated): void {
    const { flag_key: key, meta } = answer;
    const at = reads.instants.find((one) => toIso(one) === evaluatedAt);
    this.check(at !== undefined, () => `it says that it is of ${evaluatedAt}, when nothing was read`, { replica, key });
    const flag = this.#rowOf(reads, 'flag', key, null);
    const tenant = this.#rowOf(reads, 'tenant', key, subject.tenantId);
    const user = this.#rowOf(reads, 'user', key, subject.userId);
    const isRead = flag !== undefined && tenant !== undefined && user !== undefined;
    this.check(isRead, () => 'it was answered without its flag or an override being read', { replica, key });
    if (at === undefined || !isRead) return;
    const expected = flag === null ? null : expectedOf(key, { flag, tenant, user }, subject.context['plan'], at);
    this.check(
      expected === null ? answer.reason === 'flag_not_found' : follows(answer, expected),
      () => `it answered ${JSON.stringify(answer)}, and precedence gives ${JSON.stringify(expected)}`,
      { replica, key },
    );
    const version = reads.of('flag', key)?.version;
    const isOfIt = flag === null || meta.flag_version === version;
    this.check(isOfIt, () => `it says version ${meta.flag_version} of version ${version}`, { replica, key });
  }

  /** The row as it was committed; undefined where it was not read, or only that of another subject. */
  #rowOf(reads: RequestReads, layer: RequestRead['layer'], flagKey: string, subjectId: string | null): unknown {
    if (layer !== 'flag' && subjectId === null) return null;
    const read = reads.of(layer, flagKey);
    if (read === undefined || read.what.subjectId !== subjectId) return undefined;
    return this.ledger.committedAs(read.what.key, read.version)?.row ?? null;
  }

  #isCommitted(key: string, version: number, value: Flag | HeldOverride | null): boolean {
    const committed = this.ledger.committedAs(key, version);
    if (value === null) return committed === undefined ? version === 0 : committed.row === null;
    if (committed === undefined) return false;
    if (this.#known.get(value) === committed) return true;
    if (!says(value, committed.row)) return false;
    this.#known.set(value, committed);
    return true;
  }
}

function says(value: Flag | HeldOverride, row: unknown): boolean {
  if (!('endsAt' in value)) return isSameJson(value, row);
  return isSameJson(value.override, row) && value.endsAt === endOf(row);
}

function follows({ enabled, value, variant, reason, meta }: BulkFlagAnswer, expected: Expected): boolean {
  if (!meta.chain.every(({ outcome }, index) => outcome === expected.outcomes[index])) return false;
  // That it is off is for I11 to see; the chain says what it would have been.
  if (meta.gate?.decision === 'deny') return true;
  return (
    variant === expected.variant &&
    value === expected.value &&
    reason === expected.reason &&
    // No golden flag that is not on or off has a variant that stands for off.
    enabled === (expected.value === true || typeof expected.value !== 'boolean')
  );
}
