export { ADMIN_FILES, openAdminStore, type AdminStore } from './admin-store.ts';
export { AdminModule, type AdminParts } from './admin.module.ts';
export { verificationAnswer } from './http/verification-answer.ts';
export { JournalAuditTrail } from './journal-audit-trail.ts';
export { startAdmin, type RunningAdmin } from './start-admin.ts';
