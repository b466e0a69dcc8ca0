import {
  type Decision,
  type Fault,
  type Instant,
  type JsonValue,
  PttError,
  type Transaction,
  unchanged,
} from '#libs/kernel';
import { type Approval, type Signature, contentHash, isOpen, placeKey } from './approval.ts';
import { Fields } from './fields.ts';
import type { Outcome } from './outcome.ts';
import { disagreements, readApproval } from './parse-approval.ts';
import { ttlRefresh, versioned } from './transition.ts';

/** Golden approvals, with instants that are meant relative to `reference_time`. */
export interface ApprovalSeeds {
  readonly reference_time: Instant;
  readonly approvals: readonly Approval[];
}

/** What seeding did: how many approvals were added, none when there were some already. */
export interface Seeded {
  readonly added: number;
}

/**
 * Reads `{reference_time, approvals: […]}`; other members are left alone.
 * @throws PttError `config_invalid` with every fault
 */
export function parseSeeds(document: JsonValue): ApprovalSeeds {
  const faults: Fault[] = [];
  const fields = Fields.of(document, '', faults);
  const reference_time = fields.instant('reference_time');
  const approvals = fields.list('approvals').map((value, index) => readApproval(value, `/approvals/${index}`, faults));
  if (faults.length === 0) return { reference_time, approvals };
  throw new PttError('config_invalid', { detail: 'The approvals to seed do not hold; mend each fault.', faults });
}

/** The approval with all its instants moved by `byMs`; hashes are made anew, since they cover the deadline. */
export function shifted(approval: Approval, byMs: number): Approval {
  const moved = (at: Instant | null): Instant | null => (at === null ? null : at + byMs);
  const sla_deadline = moved(approval.sla_deadline);
  const content_hash = contentHash({ ...approval, sla_deadline });
  const movedSignature = (signature: Signature): Signature => ({
    ...signature,
    signed_at: signature.signed_at + byMs,
    content_hash: signature.revision === approval.revision ? content_hash : signature.content_hash,
  });
  const instants = {
    sla_deadline,
    content_hash,
    issued_at: approval.issued_at + byMs,
    edited_at: moved(approval.edited_at),
    signatures: approval.signatures.map(movedSignature),
    earlier_signatures: approval.earlier_signatures.map(movedSignature),
  };
  return isOpen(approval)
    ? { ...approval, ...instants }
    : { ...approval, ...instants, closed_at: approval.closed_at + byMs };
}

/** What a set of approvals that come in together has against it, beside each one's own faults. */
export function clashes(approvals: readonly Approval[]): readonly Fault[] {
  const faults: Fault[] = [];
  const ids = new Set<string>();
  const openPlaces = new Set<string>();
  for (const [index, approval] of approvals.entries()) {
    const pointer = `/approvals/${index}`;
    if (ids.has(approval.id)) faults.push({ pointer: `${pointer}/id`, detail: `${approval.id} is there twice` });
    ids.add(approval.id);
    if (!isOpen(approval)) continue;
    const place = placeKey(approval);
    if (openPlaces.has(place)) faults.push({ pointer, detail: 'is a second open approval for its target and row' });
    openPlaces.add(place);
  }
  return faults;
}

/**
 * Seeds an empty store, once: the reference becomes the instant of seeding, or the given one.
 * One record tells of all of it; each approval has an event of its own.
 */
export function decideSeed(
  isEmpty: boolean,
  { reference_time, approvals }: ApprovalSeeds,
  reference: Instant | null,
  tx: Transaction,
): Decision<Approval, Outcome<Seeded>> {
  if (!isEmpty) return unchanged({ accepted: { added: 0 } });
  const byMs = (reference ?? tx.at) - reference_time;
  const moved = approvals.map((approval) => shifted(approval, byMs));
  const faults = [
    ...clashes(moved),
    ...moved.flatMap((approval, index) => disagreements(approval, `/approvals/${index}`)),
  ];
  if (faults.length > 0) {
    return unchanged({
      refused: { code: 'config_invalid', detail: 'The approvals to seed do not hold; mend each fault.', faults },
    });
  }
  if (moved.length === 0) return unchanged({ accepted: { added: 0 } });
  const seeded = moved.map((approval) => versioned(approval, tx));
  return {
    answer: { accepted: { added: seeded.length } },
    changes: seeded.map((approval) => ({ key: approval.id, version: approval.version, row: approval })),
    records: [
      {
        action: 'approvals.seeded',
        target: { type: 'store', id: 'approvals' },
        after: { approvals: seeded.map(({ id }) => id) },
        outcome: 'accepted',
      },
    ],
    messages: seeded.map((approval) => ttlRefresh(approval, 'seeded', tx)),
  };
}
