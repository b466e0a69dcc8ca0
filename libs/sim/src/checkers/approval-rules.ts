import { isRecord, type JsonObject, parseInstant } from '#libs/kernel';
import type { Commit } from '../watch/seen.ts';
import { PEOPLE } from '../workload/golden.ts';
import { Checker } from './checker.ts';
import { listOf, objectOf, textOf } from './fields.ts';

const FINAL = new Set(['withdrawn', 'rejected']);
const OPEN = new Set(['pending', 'signed_partial', 'signed_full']);
const DAY_MS = 86_400_000;
/** The longest `use_within` of each row of the golden matrix, in milliseconds. */
const USE_WITHIN_MS: Readonly<Record<string, number>> = {
  'row-sensitive-override': 30 * DAY_MS,
  'row-dual-finance-legal': 90 * DAY_MS,
};

/** The rules that always hold of approvals, asked of what was committed and not of the code that decided it. */
export class ApprovalRules extends Checker {
  readonly id = 'approvals';
  readonly #rows = new Map<string, JsonObject>();

  committed({ store, line }: Commit): void {
    if (store !== 'admin' || line.table !== 'approval') return;
    for (const { key, row } of line.changes) {
      this.check(isRecord(row), () => 'evidence was deleted', { key });
      if (!isRecord(row)) continue;
      const after = objectOf(row);
      const before = this.#rows.get(key);
      this.#rows.set(key, after);
      if (before !== undefined) this.#step(key, before, after, line.at);
      this.#times(key, after, line.at, before);
      this.#state(key, after, line.at, before);
    }
    this.#onePlace();
  }

  #step(key: string, before: JsonObject, after: JsonObject, at: number): void {
    const from = textOf(before['state']);
    // From its deadline on it can be withdrawn, and nothing else.
    const isInTime = at < deadlineOf(before) || after['state'] === 'withdrawn';
    this.check(isInTime, () => `past its deadline it became ${textOf(after['state'])}`, { key });
    this.check(!FINAL.has(from), () => `it was ${from} and changed all the same`, { key });
    const raised = Number(after['revision']) - Number(before['revision']);
    this.check(raised === 0 || raised === 1, () => `its revision rose by ${raised}`, { key });
    const isEdited = before['content_hash'] !== after['content_hash'];
    this.check(isEdited === (raised === 1), () => 'its content and its revision changed apart', { key });
    if (raised === 1) this.check(signaturesOf(after).length === 0, () => 'an edit kept signatures', { key });
    const all = listOf(after['signatures']);
    const isKept = listOf(before['signatures']).every((one, index) => same(one, all[index]));
    this.check(isKept, () => 'a signature is not what it was', { key });
  }

  #state(key: string, after: JsonObject, at: number, before: JsonObject | undefined): void {
    const signatures = signaturesOf(after);
    const required = rolesOf(after);
    const roles = signatures.map((one) => one['role']);
    const signers = signatures.map((one) => one['signer']);
    const state = textOf(after['state']);
    this.check(new Set(roles).size === roles.length, () => 'one role signed twice', { key });
    this.check(new Set(signers).size === signers.length, () => 'one person signed twice', { key });
    for (const { signer, role, revision, content_hash, signed_at } of signatures) {
      const isAnother = signer !== after['issued_by'] && signer !== after['edited_by'];
      this.check(isAnother, () => `${textOf(signer)} signed what they issued or edited`, { key });
      this.check(
        required.some((one) => one === role),
        () => `${textOf(role)} signed and need not`,
        { key },
      );
      const may = PEOPLE.find(({ id }) => id === signer)?.roles ?? [];
      this.check(
        may.some((one) => one === role),
        () => `${textOf(signer)} signed as ${textOf(role)}, and is none`,
        { key },
      );
      const isThis = revision === after['revision'] && content_hash === after['content_hash'];
      this.check(isThis, () => 'a signature is for another revision', { key });
      const signedAt = instantOf(signed_at) ?? Infinity;
      this.check(signedAt < deadlineOf(after), () => 'it was signed at its deadline or after', { key });
    }
    if (OPEN.has(state)) {
      const expected =
        signatures.length === 0 ? 'pending' : signatures.length < required.length ? 'signed_partial' : 'signed_full';
      this.check(state === expected, () => `it is ${state} with ${signatures.length} of ${required.length}`, { key });
    }
    const last = signatures.at(-1);
    const isSigned = last !== undefined && before !== undefined && signaturesOf(before).length < signatures.length;
    if (isSigned) {
      this.check(instantOf(last['signed_at']) === at, () => 'it was signed at another instant than its record', {
        key,
      });
    }
  }

  /** Every instant in a row is its commit's, and a deadline is within its row's time of the issue. */
  #times(key: string, after: JsonObject, at: number, before: JsonObject | undefined): void {
    const { issued_at, edited_at, edited_by, closed_at, state, matrix_row } = after;
    const issuedAt = instantOf(issued_at) ?? -Infinity;
    const latest = issuedAt + (USE_WITHIN_MS[textOf(matrix_row)] ?? 0);
    this.check(deadlineOf(after) <= latest, () => 'it may be used for longer than its row allows', { key });
    if (before === undefined) this.check(issuedAt === at, () => 'it was issued at another instant', { key });
    const isEdited = before !== undefined && before['revision'] !== after['revision'];
    const isLastEditorKept = edited_by === before?.['edited_by'] && edited_at === before?.['edited_at'];
    this.check(
      isEdited ? instantOf(edited_at) === at && edited_by !== undefined : isLastEditorKept,
      () => `it says that ${textOf(edited_by)} edited it at ${textOf(edited_at)}`,
      { key },
    );
    const isClosed = FINAL.has(textOf(state));
    this.check(
      instantOf(closed_at) === (isClosed ? at : null),
      () => `it is ${textOf(state)} and says that it was closed at ${textOf(closed_at)}`,
      { key },
    );
  }

  /** One open approval for each place. One past its deadline is withdrawn by the issue that follows it. */
  #onePlace(): void {
    const open = [...this.#rows.values()].filter((row) => OPEN.has(textOf(row['state'])));
    const places = open.map((row) => `${textOf(row['target_id'])} ${textOf(row['matrix_row'])}`);
    this.check(new Set(places).size === places.length, () => `of one place two are open: ${places.join(', ')}`);
  }
}

/** Those of the revision that it is at: the others count for nothing. */
function signaturesOf(row: JsonObject): readonly JsonObject[] {
  return listOf(row['signatures']).filter(({ revision }) => revision === row['revision']);
}

/** In milliseconds since 1970; null of what is no instant. */
function instantOf(value: unknown): number | null {
  return typeof value === 'string' ? parseInstant(value) : null;
}

/** When it ends; Infinity where it never does, which none may. */
function deadlineOf({ sla_deadline: deadline }: JsonObject): number {
  return instantOf(deadline) ?? Infinity;
}

function rolesOf({ required_roles: roles }: JsonObject): readonly unknown[] {
  return Array.isArray(roles) ? roles : [];
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
