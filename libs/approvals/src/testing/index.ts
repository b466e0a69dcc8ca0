export { PlainRecorder } from './approval-machine.ts';
export { approvalStoreContract } from './approval-store-contract.ts';
export { MemoryApprovalStore } from './memory-approval-store.ts';
export * from './origins.ts';
export * from './samples.ts';
export type { ApprovalStoreUnderTest } from './store-under-test.ts';
