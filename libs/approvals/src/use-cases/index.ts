import { ApprovalCheck } from './approval-check.ts';
import { EditApprovalHandler } from './edit-approval.ts';
import { GetApprovalHandler } from './get-approval.ts';
import { GetMatrixHandler } from './get-matrix.ts';
import { IngestAuditHandler } from './ingest-audit.ts';
import { IssueApprovalHandler } from './issue-approval.ts';
import { ListApprovalsHandler } from './list-approvals.ts';
import { PreviewHandler } from './preview.ts';
import { RejectApprovalHandler } from './reject-approval.ts';
import { SearchAuditHandler } from './search-audit.ts';
import { SeedApprovalsHandler } from './seed-approvals.ts';
import { SensitiveCheckHandler } from './sensitive-check.ts';
import { SignApprovalHandler } from './sign-approval.ts';
import { WithdrawApprovalHandler } from './withdraw-approval.ts';

export { ApprovalCheck, type Asking, type CheckAnswer } from './approval-check.ts';
export { EditApproval } from './edit-approval.ts';
export { GetApproval } from './get-approval.ts';
export { GetMatrix } from './get-matrix.ts';
export { IngestAudit } from './ingest-audit.ts';
export { IssueApproval } from './issue-approval.ts';
export { type ApprovalList, ListApprovals } from './list-approvals.ts';
export { Preview, type Previewed } from './preview.ts';
export { RejectApproval } from './reject-approval.ts';
export { SearchAudit } from './search-audit.ts';
export { SeedApprovals, SeedApprovalsHandler } from './seed-approvals.ts';
export { SensitiveCheck } from './sensitive-check.ts';
export { SignApproval } from './sign-approval.ts';
export { SignerWorkflow } from './signer-workflow.ts';
export { WithdrawApproval } from './withdraw-approval.ts';

/**
 * What an Admin app provides. Beside it: the ports ApprovalStore, MatrixSource, IngestStore, AuditTrail and Alerts,
 * a SignerWorkflow, and kernel's AuditRecorder and Clock.
 */
export const APPROVAL_HANDLERS = [
  ApprovalCheck,
  EditApprovalHandler,
  GetApprovalHandler,
  GetMatrixHandler,
  IngestAuditHandler,
  IssueApprovalHandler,
  ListApprovalsHandler,
  PreviewHandler,
  RejectApprovalHandler,
  SearchAuditHandler,
  SeedApprovalsHandler,
  SensitiveCheckHandler,
  SignApprovalHandler,
  WithdrawApprovalHandler,
];
