export { ApprovalGate, type GateAsker, type GateQuestion } from './approval-gate.ts';
export type { Awaitable } from './awaitable.ts';
export { readOverrides, readRegistry } from './documents.ts';
export { FlagStore, type Reread } from './flag-store.ts';
export { MatrixRows } from './matrix-rows.ts';
export { type OverrideFilter, OverrideStore } from './override-store.ts';
export { ServiceFacts } from './service-facts.ts';
export { Targeting } from './targeting.ts';
