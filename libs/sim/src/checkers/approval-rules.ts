import { isRecord, type JsonObject, parseInstant } from '#libs/kernel';
import type { Commit } from '../watch/seen.ts';
import { Checker } from './checker.ts';
import { listOf, objectOf, textOf } from './fields.ts';

const FINAL = new Set(['withdrawn', 'rejected']);
const OPEN = new Set(['pending', 'signed_partial', 'signed_full']);

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
      if (before !== undefined) this.#step(key, before, after);
      this.#state(key, after, line.at, before);
    }
    this.#onePlace();
  }

  #step(key: string, before: JsonObject, after: JsonObject): void {
    const from = textOf(before['state']);
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
      const isThis = revision === after['revision'] && content_hash === after['content_hash'];
      this.check(isThis, () => 'a signature is for another revision', { key });
      const signedAt = parseInstant(textOf(signed_at)) ?? Infinity;
      const deadline = parseInstant(textOf(after['sla_deadline'])) ?? -Infinity;
      this.check(signedAt < deadline, () => 'it was signed at its deadline or after', { key });
    }
    if (OPEN.has(state)) {
      const expected =
        signatures.length === 0 ? 'pending' : signatures.length < required.length ? 'signed_partial' : 'signed_full';
      this.check(state === expected, () => `it is ${state} with ${signatures.length} of ${required.length}`, { key });
    }
    const last = signatures.at(-1);
    const isSigned = last !== undefined && before !== undefined && signaturesOf(before).length < signatures.length;
    if (isSigned) {
      this.check(
        parseInstant(textOf(last['signed_at'])) === at,
        () => 'it was signed at another instant than its record',
        {
          key,
        },
      );
    }
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

function rolesOf({ required_roles: roles }: JsonObject): readonly unknown[] {
  return Array.isArray(roles) ? roles : [];
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
