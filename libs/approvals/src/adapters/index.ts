export { APPROVALS_FILE, approvalSnapshot, approvalTable } from './approval-table.ts';
export { FileApprovalStore } from './file-approval-store.ts';
export { FileIngestStore, ingestedTable } from './file-ingest-store.ts';
export { FileMatrixSource, type FileMatrixOptions } from './file-matrix-source.ts';
