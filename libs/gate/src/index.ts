export * from './approval-check.ts';
export { Breaker, BREAKER_STATES, type BreakerState, type Pass } from './breaker.ts';
export { DeadlinePassed } from './deadline.ts';
export { Gate, type GatePorts } from './gate.ts';
export type { GateDecision } from './gate-decision.ts';
export { HttpApprovalCheck } from './http-approval-check.ts';
export { ModelledApprovalCheck, type AnswerInProcess } from './modelled-approval-check.ts';
export { type OpenQuestion, type RefreshedTarget, Reuse } from './reuse.ts';
export { HttpMatrixRows } from './http-matrix-rows.ts';
