import { type Approval, FileApprovalStore, type Place, type PlaceView } from '#libs/approvals';
import { ChainedRecorder } from '#libs/audit';
import { FileOverrideStore, type Override, type OverrideKey, type OverrideState } from '#libs/flags';
import type { AuditEvent, ChainHead, Decision, Origin, Transaction } from '#libs/kernel';
import { isRecord, parseInstant } from '#libs/kernel';
import { type Bug, overlaid } from './bug.ts';

const APPROVALS = [
  'libs/approvals/src/adapters/file-approval-store.test.ts',
  'libs/approvals/src/adapters/change-after-edit.test.ts',
  'libs/approvals/src/use-cases/signer-calls.test.ts',
];
const FLAGS = ['libs/flags/src/adapters/file-stores.test.ts', 'libs/flags/src/use-cases/overrides.test.ts'];

type Decide<State, Row, Answer> = (state: State, tx: Transaction) => Decision<Row, Answer>;

/** Faults of approvals, and of what is recorded. */
export const BUGS: readonly Bug[] = [
  {
    id: 'clock-read-before-lock',
    invariant: 'approvals',
    what: 'A second signature is decided on the clock as it was read before the row was locked.',
    tests: APPROVALS,
    plant: () =>
      overlaid(
        FileApprovalStore,
        class extends FileApprovalStore {
          override change<Answer>(id: string, origin: Origin, decide: Decide<Approval | null, Approval, Answer>) {
            const now = this.clock.now();
            return super.change<Answer>(id, origin, (approval, tx) =>
              decide(approval, approval?.signatures.length === 1 ? { ...tx, at: now } : tx),
            );
          }
        },
      ),
  },
  {
    id: 'edit-keeps-signatures',
    invariant: 'approvals',
    what: 'The second edit of an approval carries its signatures over to the new revision.',
    tests: APPROVALS,
    plant: () =>
      overlaid(
        FileApprovalStore,
        class extends FileApprovalStore {
          override change<Answer>(id: string, origin: Origin, decide: Decide<Approval | null, Approval, Answer>) {
            return super.change<Answer>(id, origin, (approval, tx) => {
              const decision = decide(approval, tx);
              if (approval === null || approval.edited_by === null) return decision;
              const changes = decision.changes.map((change) => {
                const { row } = change;
                if (row === null || row.revision === approval.revision) return change;
                const { revision, content_hash } = row;
                const signatures = approval.signatures.map((one) => ({ ...one, revision, content_hash }));
                return { ...change, row: { ...row, signatures } };
              });
              return { ...decision, changes };
            });
          }
        },
      ),
  },
  {
    id: 'two-open-for-one-place',
    invariant: 'approvals',
    what: 'One that was signed in full and is past its deadline is passed over when another is issued, and stays open.',
    tests: APPROVALS,
    plant: () =>
      overlaid(
        FileApprovalStore,
        class extends FileApprovalStore {
          override issue<Answer>(place: Place, origin: Origin, decide: Decide<PlaceView, Approval, Answer>) {
            return super.issue<Answer>(place, origin, (view, tx) => {
              const approvals = view.approvals.filter(
                (one) => one.state !== 'signed_full' || one.sla_deadline === null || tx.at < one.sla_deadline,
              );
              return decide({ ...view, approvals }, tx);
            });
          }
        },
      ),
  },
  {
    id: 'rejected-brought-back',
    invariant: 'approvals',
    what: 'An edit answers a rejection, where the approval had been edited before: it is pending again.',
    tests: APPROVALS,
    plant: () =>
      overlaid(
        FileApprovalStore,
        class extends FileApprovalStore {
          override change<Answer>(id: string, origin: Origin, decide: Decide<Approval | null, Approval, Answer>) {
            return super.change<Answer>(id, origin, (approval, tx) => {
              if (approval?.state !== 'rejected' || approval.edited_by === null) return decide(approval, tx);
              const { closed_at: _closedAt, ...content } = approval;
              const reopened = decide({ ...content, state: 'pending' }, tx);
              const isEdit = reopened.changes.some(({ row }) => row !== null && row.revision > approval.revision);
              return isEdit ? reopened : decide(approval, tx);
            });
          }
        },
      ),
  },
  {
    id: 'edit-revives',
    invariant: 'approvals',
    what: 'One that is past its deadline and was edited before may be edited once more, and has another minute.',
    tests: APPROVALS,
    plant: () =>
      overlaid(
        FileApprovalStore,
        class extends FileApprovalStore {
          override change<Answer>(id: string, origin: Origin, decide: Decide<Approval | null, Approval, Answer>) {
            return super.change<Answer>(id, origin, (approval, tx) => {
              const deadline = approval?.sla_deadline ?? Infinity;
              if (approval === null || approval.edited_by === null || tx.at < deadline) return decide(approval, tx);
              const revived = decide({ ...approval, sla_deadline: tx.at + 60_000 }, tx);
              const isEdit = revived.changes.some(({ row }) => row !== null && row.revision > approval.revision);
              return isEdit ? revived : decide(approval, tx);
            });
          }
        },
      ),
  },
  {
    id: 'change-without-envelope',
    invariant: 'I6',
    what: 'The removal of an override that had ended already leaves no envelope.',
    tests: FLAGS,
    plant: () =>
      overlaid(
        FileOverrideStore,
        class extends FileOverrideStore {
          override change<Answer>(key: OverrideKey, origin: Origin, decide: Decide<OverrideState, Override, Answer>) {
            return super.change<Answer>(key, origin, (state, tx) => {
              const decision = decide(state, tx);
              const endsAt = parseInstant(state.override?.expires_at ?? '') ?? Infinity;
              const isRemoval = decision.changes.some(({ row }) => row === null);
              return isRemoval && endsAt <= tx.at ? { ...decision, records: [] } : decision;
            });
          }
        },
      ),
  },
  {
    id: 'envelope-without-change',
    invariant: 'I6',
    what: 'An override that is set to what it is already, for another reason, is recorded and not written.',
    tests: FLAGS,
    plant: () =>
      overlaid(
        FileOverrideStore,
        class extends FileOverrideStore {
          override change<Answer>(key: OverrideKey, origin: Origin, decide: Decide<OverrideState, Override, Answer>) {
            return super.change<Answer>(key, origin, (state, tx) => {
              const decision = decide(state, tx);
              const [change] = decision.changes;
              const { override } = state;
              if (!change?.row || override === null || change.row.variant !== override.variant) return decision;
              return { ...decision, changes: [], messages: [] };
            });
          }
        },
      ),
  },
  {
    id: 'record-without-before',
    invariant: 'I6',
    what: 'The envelope of an override that is set after it has ended does not say what it was before.',
    tests: FLAGS,
    plant: () =>
      overlaid(
        FileOverrideStore,
        class extends FileOverrideStore {
          override change<Answer>(key: OverrideKey, origin: Origin, decide: Decide<OverrideState, Override, Answer>) {
            return super.change<Answer>(key, origin, (state, tx) => {
              const decision = decide(state, tx);
              const endsAt = parseInstant(state.override?.expires_at ?? '') ?? Infinity;
              if (endsAt > tx.at) return decision;
              return { ...decision, records: decision.records.map(({ before: _before, ...others }) => others) };
            });
          }
        },
      ),
  },
  {
    id: 'answered-before-safe',
    invariant: 'I6',
    what: 'Whoever sets an override that has ended is answered as it is decided, before it is safe on disk.',
    tests: FLAGS,
    plant: () =>
      overlaid(
        FileOverrideStore,
        class extends FileOverrideStore {
          override change<Answer>(key: OverrideKey, origin: Origin, decide: Decide<OverrideState, Override, Answer>) {
            return new Promise<Answer>((resolve, reject) => {
              const answering: typeof decide = (state, tx) => {
                const decision = decide(state, tx);
                const endsAt = parseInstant(state.override?.expires_at ?? '') ?? Infinity;
                if (endsAt <= tx.at) resolve(decision.answer);
                return decision;
              };
              super.change(key, origin, answering).then(resolve, reject);
            });
          }
        },
      ),
  },
  {
    id: 'refusal-takes-no-place',
    invariant: 'I6',
    what: 'The record of a refusal gets the sequence number of the record before it.',
    tests: ['libs/audit/src/recorder.test.ts', 'libs/audit/src/domain/verify.test.ts'],
    plant: () =>
      overlaid(
        ChainedRecorder,
        class extends ChainedRecorder {
          override chain(event: AuditEvent, head: ChainHead) {
            const { data } = event;
            const isRefusal = isRecord(data) && data['outcome'] === 'refused';
            return super.chain(event, isRefusal ? { ...head, sequence: head.sequence - 1 } : head);
          }
        },
      ),
  },
];
