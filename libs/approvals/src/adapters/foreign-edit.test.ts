import { beforeEach, describe, expect, it } from '@jest/globals';
import { type JsonObject, type JsonValue, isJsonObject } from '#libs/kernel';
import { FileStore } from '#libs/platform';
import { MANUAL_START } from '#libs/platform/testing';
import { approvalDocument, approvalAnswer } from '../domain/index.ts';
import { decideEdit } from '../domain/decide-edit.ts';
import { decideIssue } from '../domain/decide-issue.ts';
import { decideSign } from '../domain/decide-sign.ts';
import type { ApprovalDecision } from '../domain/transition.ts';
import { ApprovalMachine, type OpenApprovalFiles } from '../testing/approval-machine.ts';
import { originOf } from '../testing/origins.ts';
import { DUAL, SINGLE, type Sample, sampleApproval, sampleRow } from '../testing/samples.ts';
import { approvalTable } from './approval-table.ts';
import { FileApprovalStore } from './file-approval-store.ts';

const DUAL_ROLES = ['finance_gate', 'legal_gate'];

const ADDED: Sample = { issued_at: MANUAL_START, id: 'APP-100200-added', issued_by: 'foreign_edit' };

const added = (sample: Sample = {}): JsonObject => {
  const { version: _, ...document } = approvalDocument(sampleApproval({ ...ADDED, ...sample }));
  return document;
};

describe("somebody's edit of the approvals' file", () => {
  let machine: ApprovalMachine;
  let open: OpenApprovalFiles;
  let id: string;

  beforeEach(async () => {
    machine = new ApprovalMachine();
    open = await machine.open();
    const outcome = await open.approvals.issue(DUAL, originOf(), (view, tx) =>
      decideIssue(
        view,
        { ...DUAL, justification: 'because', sla_deadline: null },
        { by: { id: 'ida', roles: [] }, row: sampleRow(DUAL.matrix_row) },
        tx,
      ),
    );
    id = 'accepted' in outcome ? outcome.accepted.id : '';
    await open.files.close();
    open = await machine.open();
  });

  /** Edits the file through `change` and looks; answers the actions that were recorded and the files set aside. */
  async function edit(change: (approvals: readonly JsonValue[]) => readonly JsonValue[]): Promise<unknown> {
    const document = await machine.snapshot();
    const approvals = isJsonObject(document) ? document['approvals'] : null;
    const changed = {
      ...(isJsonObject(document) ? document : {}),
      approvals: change(Array.isArray(approvals) ? approvals : []),
    };
    await machine.edit(JSON.stringify(changed, null, 2));
    await machine.clock.advance(1_000);
    await open.approvals.get(id);
    return {
      recorded: open.entries().map(({ actor, action, outcome }) => [actor, action, outcome]),
      rejected: machine.notices.flatMap((notice) =>
        notice.kind === 'edit_rejected' ? notice.faults.map(({ pointer }) => pointer) : [],
      ),
    };
  }

  it('adds an approval, as one change by somebody unknown, with its event', async () => {
    const before = await open.approvals.get(id);
    expect(await edit((approvals) => [...approvals, added()])).toEqual({
      recorded: [['foreign_edit', 'approval.issued', 'accepted']],
      rejected: [],
    });
    const found = await open.approvals.get('APP-100200-added');
    expect(found).toEqual({ ...sampleApproval(ADDED), version: 2 });
    expect(open.messages()).toMatchObject([
      { approval_id: 'APP-100200-added', cause: 'foreign_edit', state: 'pending' },
    ]);
    expect(await open.approvals.get(id)).toEqual(before);
    expect((await open.approvals.view([SINGLE], null)).candidates).toEqual([[found]]);
  });

  it('adds what nobody can sign until somebody with a token has edited it, who cannot sign it either', async () => {
    await edit((approvals) => [...approvals, added()]);
    const sign = (revision: number, signer: string): Promise<ApprovalDecision['answer']> =>
      open.approvals.change('APP-100200-added', originOf(), (approval, tx) =>
        decideSign(
          approval,
          { revision, role: 'product_owner', comment: null },
          { id: signer, roles: ['product_owner'] },
          tx,
        ),
      );
    expect(await sign(1, 'sam')).toMatchObject({ refused: { code: 'self_sign_forbidden' } });
    expect(await open.approvals.get('APP-100200-added')).toMatchObject({ state: 'pending', signatures: [] });
    await open.approvals.change('APP-100200-added', originOf(), (approval, tx) =>
      decideEdit(
        approval,
        { revision: 1, justification: 'because, as I know', sla_deadline: null },
        { by: { id: 'edo', roles: [] }, rowOf: sampleRow },
        tx,
      ),
    );
    expect(await sign(2, 'edo')).toMatchObject({ refused: { code: 'self_sign_forbidden' } });
    expect(await sign(2, 'sam')).toMatchObject({ accepted: { state: 'signed_full' } });
  });

  it('adds a closed one under whatever names it carries: it counts for nothing', async () => {
    const gone = {
      ...ADDED,
      issued_by: 'ida',
      edited_by: 'edo',
      state: 'withdrawn',
      issued_at: MANUAL_START - 9,
    } as const;
    expect(await edit((approvals) => [...approvals, added(gone)])).toMatchObject({ rejected: [] });
    expect(await open.approvals.get('APP-100200-added')).toMatchObject({ state: 'withdrawn', issued_by: 'ida' });
  });

  it('is held against the matrix as it is by then', async () => {
    machine.matrix.matrix = new Map([['row-new', { ...sampleRow(SINGLE.matrix_row), row: 'row-new' }]]);
    expect(await edit((approvals) => [...approvals, added({ matrix_row: 'row-new' })])).toMatchObject({ rejected: [] });
    expect(await open.approvals.get('APP-100200-added')).toMatchObject({ matrix_row: 'row-new' });
  });

  it('changes nothing when it only moves rows or versions about', async () => {
    const reordered = await edit((approvals) =>
      approvals.map((row) => (isJsonObject(row) ? { ...row, version: 99 } : row)),
    );
    expect(reordered).toEqual({ recorded: [], rejected: [] });
  });

  it.each<[string, (approvals: readonly JsonValue[]) => readonly JsonValue[], readonly string[]]>([
    [
      'changes one',
      (rows) => rows.map((row) => (isJsonObject(row) ? { ...row, state: 'signed_full' } : row)),
      ['/approvals/0'],
    ],
    ['removes one', () => [], ['/approvals']],
    ['adds one that contradicts itself', (rows) => [...rows, added({ state: 'signed_full' })], ['/approvals/1/state']],
    ['adds one of an unknown state', (rows) => [...rows, { ...added(), state: 'expired' }], ['/approvals/1/state']],
    [
      'adds one of a time to come',
      (rows) => [...rows, added({ issued_at: MANUAL_START + 9_000 })],
      ['/approvals/1/issued_at'],
    ],
    [
      'adds one signed after its deadline',
      (rows) => [
        ...rows,
        added({ state: 'signed_full', signed: [['sam', 'product_owner']], sla_deadline: MANUAL_START + 2 }),
      ],
      ['/approvals/1/signatures/0/signed_at', '/approvals/1/signatures'],
    ],
    [
      'adds one signed in full',
      (rows) => [...rows, added({ state: 'signed_full', signed: [['sam', 'product_owner']] })],
      ['/approvals/1/signatures'],
    ],
    [
      'adds an open one that names an issuer',
      (rows) => [...rows, added({ issued_by: 'ida' })],
      ['/approvals/1/issued_by'],
    ],
    [
      'adds an open one that names an editor',
      (rows) => [...rows, added({ edited_by: 'edo', issued_at: MANUAL_START - 1 })],
      ['/approvals/1/edited_by'],
    ],
    [
      'adds one of a row that there is not',
      (rows) => [...rows, added({ matrix_row: 'row-x' })],
      ['/approvals/1/matrix_row'],
    ],
    [
      'adds a second open one for a place',
      (rows) => [...rows, added({ ...DUAL, required_roles: DUAL_ROLES })],
      ['/approvals/1'],
    ],
    ['adds two for one place', (rows) => [...rows, added(), added({ id: 'APP-100201-added' })], ['/approvals/2']],
    [
      'holds good and bad',
      (rows) => [...rows, added(), { ...added({ ...DUAL, id: 'APP-100201-x' }), x: 1 }],
      ['/approvals/2/x'],
    ],
  ])('is set aside when it %s', async (_what, change, pointers) => {
    const before = await open.approvals.page({}, null, 10);
    expect(await edit(change)).toEqual({ recorded: [], rejected: pointers });
    expect(await open.approvals.page({}, null, 10)).toEqual(before);
  });

  it('is set aside when it holds what is not known there', async () => {
    await machine.edit('{"approvals": [], "a/b": 1}');
    await machine.clock.advance(1_000);
    await open.approvals.get(id);
    expect(machine.notices.at(-1)).toMatchObject({ kind: 'edit_rejected', faults: [{ pointer: '/a~1b' }] });
  });

  it('is set aside when there is no list', async () => {
    await machine.edit('{"approvals": {}}');
    await machine.clock.advance(1_000);
    await open.approvals.get(id);
    expect(machine.notices).toMatchObject([{ kind: 'edit_rejected', faults: [{ pointer: '/approvals' }] }]);
  });

  it('is told to a reader too, who writes nothing', async () => {
    const files = await FileStore.openReader({
      folder: machine.folder,
      tables: [approvalTable],
      disk: machine.disk,
      report: (notice) => void machine.notices.push(notice),
    });
    const reader = new FileApprovalStore(files, machine.clock);
    expect(await reader.get(id)).toEqual(await open.approvals.get(id));
    await edit((approvals) => [...approvals, added()]);
    const { candidates } = await reader.view([SINGLE], null);
    expect(candidates).toEqual([[{ ...sampleApproval(ADDED), version: 2 }]]);
    await expect(
      reader.seed(originOf(), () => ({ answer: 1, changes: [], records: [], messages: [] })),
    ).rejects.toMatchObject({
      code: 'store_unavailable',
    });
  });
});

describe('a row of the journal that this version cannot read', () => {
  it('denies, is shown as it is, and is changed by nothing', async () => {
    const machine = new ApprovalMachine();
    const open = await machine.open();
    const row = { ...added(), state: 'escalated', version: 1 };
    await open.files.commit(approvalTable, originOf(), (_rows, tx) => ({
      answer: null,
      changes: [{ key: 'APP-100200-added', version: tx.nextVersion(), row }],
      records: [],
      messages: [],
    }));
    const found = await open.approvals.get('APP-100200-added');
    expect(found).toMatchObject({ state: 'unreadable', target_id: SINGLE.target_id });
    expect(found === null ? null : approvalAnswer(found)).toEqual(row);
    await expect(
      open.approvals.change('APP-100200-added', originOf(), () => {
        throw new Error('never asked');
      }),
    ).rejects.toMatchObject({ code: 'internal' });
    await open.files.close();
    const again = await machine.open();
    expect(await again.approvals.get('APP-100200-added')).toMatchObject({ state: 'unreadable', document: row });
    expect(machine.notices).toEqual([]);
    await again.files.close();
  });
});
