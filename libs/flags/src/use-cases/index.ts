import { EvaluateFlag } from './evaluate-flag.ts';
import { EvaluateFlags } from './evaluate-flags.ts';
import { DenialRecorder } from './denial-recorder.ts';
import { ExportRegistryHandler } from './export-registry.ts';
import { FlagEvaluator } from './flag-evaluator.ts';
import { ImportRegistryHandler } from './import-registry.ts';
import { InvalidateCacheHandler } from './invalidate-cache.ts';
import { ReasonCounts } from './reason-counts.ts';
import { GetFlagHandler, ListFlagsHandler } from './list-flags.ts';
import { ListOverridesHandler } from './list-overrides.ts';
import { ReloadRegistryHandler } from './reload-registry.ts';
import { RemoveOverrideHandler } from './remove-override.ts';
import { RolloutSurfacesHandler } from './rollout-surfaces.ts';
import { SeedFlagsHandler } from './seed-flags.ts';
import { SetOverrideHandler } from './set-override.ts';

export type { BulkFlagAnswer, CallMeta, FlagAnswer } from './answers.ts';
export { DenialRecorder } from './denial-recorder.ts';
export { EvaluateFlag } from './evaluate-flag.ts';
export { type BulkAnswer, EvaluateFlags } from './evaluate-flags.ts';
export { ExportRegistry } from './export-registry.ts';
export { type Asker, FlagEvaluator, type Subject } from './flag-evaluator.ts';
export { type ImportAnswer, ImportRegistry } from './import-registry.ts';
export { type InvalidateAnswer, InvalidateCache } from './invalidate-cache.ts';
export { type FlagList, type FlagView, GetFlag, ListFlags } from './list-flags.ts';
export { ListOverrides, type OverrideList } from './list-overrides.ts';
export type { OverrideAnswer } from './override-answer.ts';
export { ReasonCounts } from './reason-counts.ts';
export { type ReloadAnswer, ReloadRegistry } from './reload-registry.ts';
export { RemoveOverride } from './remove-override.ts';
export { type RolloutSurface, RolloutSurfaces } from './rollout-surfaces.ts';
export { type SeedAnswer, SeedFlags, SeedFlagsHandler } from './seed-flags.ts';
export { SetOverride } from './set-override.ts';

/** Every provider of this context but its ports: an app adds the adapters, `Clock`, `Scheduler` and `Ids`. */
export const FLAGS_USE_CASES = [
  FlagEvaluator,
  EvaluateFlag,
  EvaluateFlags,
  DenialRecorder,
  ReasonCounts,
  SetOverrideHandler,
  RemoveOverrideHandler,
  ImportRegistryHandler,
  ReloadRegistryHandler,
  InvalidateCacheHandler,
  SeedFlagsHandler,
  ListFlagsHandler,
  GetFlagHandler,
  ListOverridesHandler,
  ExportRegistryHandler,
  RolloutSurfacesHandler,
] as const;
