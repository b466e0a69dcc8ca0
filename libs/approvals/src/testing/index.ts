export { PlainRecorder } from './approval-machine.ts';
export { type ApprovalStoreUnderTest, approvalStoreContract } from './approval-store-contract.ts';
export { MemoryApprovalStore } from './memory-approval-store.ts';
export * from './origins.ts';
export * from './samples.ts';
