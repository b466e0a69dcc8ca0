export {
  applyGate,
  type Chain,
  type ChainLink,
  evaluate,
  type Evaluation,
  type EvaluationInputs,
  flagNotFound,
  LAYERS,
  needsGate,
  type Outcome,
  OUTCOMES,
  type TargetingResult,
} from './evaluation.ts';
export { type Flag, type FlagDefinition, type FlagValue, isGated, isStale, type Surface } from './flag.ts';
export type { GateDecision } from './gate-decision.ts';
export type { RegistryDiff } from './import-registry.ts';
export {
  expiryEvent,
  FF_SOURCE,
  flagCacheKey,
  type InvalidationScope,
  type Namespace,
  NAMESPACES,
  overrideCacheKey,
  type Trigger,
  TRIGGERS,
} from './invalidation.ts';
export {
  type HeldOverride,
  heldOverride,
  type Override,
  type OverrideKey,
  type OverrideScope,
  type OverrideView,
} from './override.ts';
export type { Page, PageRequest } from './page.ts';
export { EVALUATION_REASONS, GATE_REASONS, type Reason, REASONS } from './reasons.ts';
export { registryDocument } from './registry-document.ts';
export type { Choice, OverrideState } from './set-override.ts';
