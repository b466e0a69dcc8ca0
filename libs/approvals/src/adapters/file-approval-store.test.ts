import { ManualClock } from '#libs/platform/testing';
import { ApprovalMachine } from '../testing/approval-machine.ts';
import { approvalStoreContract } from '../testing/approval-store-contract.ts';
import { MemoryApprovalStore } from '../testing/memory-approval-store.ts';
import type { ApprovalStoreUnderTest } from '../testing/store-under-test.ts';

approvalStoreContract('files', () => openOn(new ApprovalMachine()));

approvalStoreContract('memory', () => {
  const clock = new ManualClock();
  const store = new MemoryApprovalStore(clock);
  const under: ApprovalStoreUnderTest = {
    store,
    now: () => clock.now(),
    pass: (ms) => clock.advance(ms),
    committed: () =>
      Promise.resolve({
        actions: store.records.map(({ action }) => action),
        causes: store.messages.map(({ payload }) => payload['cause']),
      }),
    reopen: null,
    close: () => Promise.resolve(),
  };
  return Promise.resolve(under);
});

async function openOn(machine: ApprovalMachine): Promise<ApprovalStoreUnderTest> {
  const open = await machine.open();
  return {
    store: open.approvals,
    now: () => machine.clock.now(),
    pass: (ms) => machine.clock.advance(ms),
    committed: () =>
      Promise.resolve({
        actions: open.entries().map(({ action }) => action),
        causes: open.messages().map(({ cause }) => cause),
      }),
    reopen: async () => {
      await open.files.close();
      return openOn(machine);
    },
    close: () => open.files.close(),
  };
}
