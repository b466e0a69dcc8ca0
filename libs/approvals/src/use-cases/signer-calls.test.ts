import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Actor, ChangeCommand } from '#libs/kernel';
import { ManualClock } from '#libs/platform/testing';
import type { Approval } from '../domain/index.ts';
import { FixedMatrix } from '../testing/fixed-matrix.ts';
import { MemoryApprovalStore } from '../testing/memory-approval-store.ts';
import { actorOf, originOf } from '../testing/origins.ts';
import { DUAL, HOUR_MS, SINGLE } from '../testing/samples.ts';
import { EditApproval, EditApprovalHandler } from './edit-approval.ts';
import { IssueApproval, IssueApprovalHandler } from './issue-approval.ts';
import { RejectApproval, RejectApprovalHandler } from './reject-approval.ts';
import { SignApproval, SignApprovalHandler } from './sign-approval.ts';
import { SignerWorkflow } from './signer-workflow.ts';
import { WithdrawApproval, WithdrawApprovalHandler } from './withdraw-approval.ts';

const IDA = actorOf('ida');
const PAT = actorOf('pat', ['product_owner']);

describe('signer calls', () => {
  let clock: ManualClock;
  let store: MemoryApprovalStore;
  let matrix: FixedMatrix;

  beforeEach(() => {
    clock = new ManualClock();
    store = new MemoryApprovalStore(clock);
    matrix = new FixedMatrix();
  });

  const as = <Command extends ChangeCommand<unknown>>(actor: Actor, command: Command): Command =>
    command.actFor(originOf(actor));
  const workflow = (mode: 'on' | 'read-only' = 'on'): SignerWorkflow => new SignerWorkflow(mode);
  const issueBy = (actor: Actor, request = {}, mode: 'on' | 'read-only' = 'on'): Promise<Approval> =>
    new IssueApprovalHandler(store, matrix, workflow(mode)).execute(
      as(actor, new IssueApproval({ ...SINGLE, justification: 'because', sla_deadline: null, ...request })),
    );
  const signBy = (actor: Actor, id: string, request = {}, mode: 'on' | 'read-only' = 'on'): Promise<Approval> =>
    new SignApprovalHandler(store, workflow(mode)).execute(
      as(actor, new SignApproval(id, { revision: 1, role: 'product_owner', comment: null, ...request })),
    );
  const editBy = (actor: Actor, id: string, request = {}, mode: 'on' | 'read-only' = 'on'): Promise<Approval> =>
    new EditApprovalHandler(store, matrix, workflow(mode)).execute(
      as(actor, new EditApproval(id, { revision: 1, justification: null, sla_deadline: null, ...request })),
    );
  const rejectBy = (actor: Actor, id: string, mode: 'on' | 'read-only' = 'on'): Promise<Approval> =>
    new RejectApprovalHandler(store, workflow(mode)).execute(
      as(actor, new RejectApproval(id, { revision: 1, reason: 'no' })),
    );
  const withdrawBy = (actor: Actor, id: string, mode: 'on' | 'read-only' = 'on'): Promise<Approval> =>
    new WithdrawApprovalHandler(store, workflow(mode)).execute(
      as(actor, new WithdrawApproval(id, { revision: 1, reason: 'over' })),
    );

  it('issue, sign and withdraw an approval', async () => {
    const issued = await issueBy(IDA);
    expect(issued).toMatchObject({ state: 'pending', issued_by: 'ida', issued_at: clock.now() });
    const signed = await signBy(PAT, issued.id, { comment: 'fine' });
    expect(signed).toMatchObject({ state: 'signed_full', signatures: [{ signer: 'pat', comment: 'fine' }] });
    expect(await withdrawBy(IDA, issued.id)).toMatchObject({ state: 'withdrawn', closed_at: clock.now() });
    expect(store.records.map(({ action, reason }) => [action, reason])).toEqual([
      ['approval.issued', undefined],
      ['approval.signed', undefined],
      ['approval.withdrawn', 'over'],
    ]);
  });

  it('edit and reject one', async () => {
    const { id } = await issueBy(IDA, { sla_deadline: clock.now() + HOUR_MS });
    const edited = await editBy(IDA, id, { justification: 'better', sla_deadline: clock.now() + 2 * HOUR_MS });
    expect(edited).toMatchObject({
      revision: 2,
      justification: 'better',
      sla_deadline: clock.now() + 2 * HOUR_MS,
      edited_by: 'ida',
    });
    await expect(rejectBy(PAT, id)).rejects.toMatchObject({ code: 'revision_conflict', extensions: { revision: 2 } });
    await withdrawBy(IDA, id).catch(() => undefined);
    const other = await issueBy(IDA, DUAL);
    expect(await rejectBy(actorOf('lea', ['legal_gate']), other.id)).toMatchObject({ state: 'rejected' });
    expect(store.records.at(-1)).toMatchObject({ action: 'approval.rejected', reason: 'no' });
  });

  it('tell the caller why a signature was refused, which is recorded', async () => {
    const { id } = await issueBy(PAT);
    await expect(signBy(PAT, id)).rejects.toMatchObject({
      name: 'PttError',
      code: 'self_sign_forbidden',
      message: `You issued or last edited ${id}; somebody else must sign it.`,
    });
    expect(store.records.at(-1)).toMatchObject({ action: 'approval.sign_refused', reason: 'self_sign_forbidden' });
  });

  it('use the matrix as it is at the call', async () => {
    matrix.matrix = new Map();
    await expect(issueBy(IDA)).rejects.toMatchObject({ code: 'matrix_row_unknown', pointer: '/matrix_row' });
    matrix.matrix = new FixedMatrix().matrix;
    const { id } = await issueBy(IDA);
    matrix.matrix = new Map();
    await expect(editBy(IDA, id, { sla_deadline: clock.now() + HOUR_MS })).rejects.toMatchObject({
      code: 'matrix_row_unknown',
    });
    expect(await editBy(IDA, id, { justification: 'better' })).toMatchObject({ revision: 2 });
  });

  it('answer approval_not_found for what is not there', async () => {
    await expect(signBy(PAT, 'APP-100001-x')).rejects.toMatchObject({ code: 'approval_not_found' });
  });

  const calls: readonly [string, (actor: Actor, mode?: 'on' | 'read-only') => Promise<Approval>][] = [
    ['issue', (actor, mode) => issueBy(actor, {}, mode)],
    ['sign', (actor, mode) => signBy(actor, 'APP-100001-x', {}, mode)],
    ['edit', (actor, mode) => editBy(actor, 'APP-100001-x', {}, mode)],
    ['reject', (actor, mode) => rejectBy(actor, 'APP-100001-x', mode)],
    ['withdraw', (actor, mode) => withdrawBy(actor, 'APP-100001-x', mode)],
  ];

  it.each(calls)('%s: signer_workflow_deferred where signing is read-only, whoever asks', async (_name, call) => {
    await expect(call(IDA, 'read-only')).rejects.toMatchObject({ code: 'signer_workflow_deferred' });
    await expect(call({ ...IDA, verified: false }, 'read-only')).rejects.toMatchObject({
      code: 'signer_workflow_deferred',
    });
    expect(store.records).toEqual([]);
  });

  it.each(calls)('%s: verification_required of whoever has no verified token', async (_name, call) => {
    await expect(call({ ...PAT, verified: false })).rejects.toMatchObject({ code: 'verification_required' });
    expect(store.records).toEqual([]);
  });

  it.each(calls)('%s: token_invalid of whoever has a name that cannot be kept', async (_name, call) => {
    await expect(call(actorOf('x'.repeat(257)))).rejects.toMatchObject({ code: 'token_invalid' });
    await expect(call(actorOf('a\nb'))).rejects.toMatchObject({ code: 'token_invalid' });
  });

  it('carry the scope that the table names', () => {
    const id = 'APP-100001-x';
    const close = { revision: 1, reason: 'no' };
    expect([
      new IssueApproval({ ...SINGLE, justification: 'x', sla_deadline: null }).scope,
      new SignApproval(id, { revision: 1, role: 'x', comment: null }).scope,
      new EditApproval(id, { revision: 1, justification: null, sla_deadline: null }).scope,
      new RejectApproval(id, close).scope,
      new WithdrawApproval(id, close).scope,
    ]).toEqual(['admin:issue', 'admin:sign', 'admin:issue', 'admin:sign', 'admin:withdraw']);
  });
});
