import { describe, expect, it } from '@jest/globals';
import { isJsonObject, type JsonObject, unchanged } from '#libs/kernel';
import { MANUAL_START } from '#libs/platform/testing';
import { approvalDocument } from '../domain/index.ts';
import { ApprovalMachine, type OpenApprovalFiles } from '../testing/approval-machine.ts';
import { originOf } from '../testing/origins.ts';
import { SINGLE, sampleApproval } from '../testing/samples.ts';

const ID = 'APP-100200-added';

/** Somebody has just added an approval to the file, and nobody has looked since. */
async function added(): Promise<OpenApprovalFiles> {
  const machine = new ApprovalMachine();
  await (await machine.open()).files.close();
  const open = await machine.open();
  const document = await machine.snapshot();
  const { version: _, ...approval }: JsonObject = approvalDocument(
    sampleApproval({ issued_at: MANUAL_START, id: ID, issued_by: 'foreign_edit' }),
  );
  await machine.edit(JSON.stringify({ ...(isJsonObject(document) ? document : {}), approvals: [approval] }));
  return open;
}

describe('an approval that was just added by hand', () => {
  it('is there for a change', async () => {
    const { approvals } = await added();
    expect(await approvals.change(ID, originOf(), (approval) => unchanged(approval?.id))).toBe(ID);
  });

  it('is in the way of another one for its place', async () => {
    const { approvals } = await added();
    expect(await approvals.issue(SINGLE, originOf(), (view) => unchanged(view.approvals.map(({ id }) => id)))).toEqual([
      ID,
    ]);
  });

  it('is no empty store to seed', async () => {
    const { approvals } = await added();
    expect(await approvals.seed(originOf(), (isEmpty) => unchanged(isEmpty))).toBe(false);
  });
});
