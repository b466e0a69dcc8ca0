export { CachedInputs } from './cached-inputs.ts';
export { ChangeListener } from './change-listener.ts';
export { FileFlagStore } from './file-flag-store.ts';
export { FileOverrideStore } from './file-override-store.ts';
export { FLAG_FILES, FLAG_TABLE, flagSnapshots, OVERRIDE_TABLE } from './flag-files.ts';
export { FlagdTargeting } from './flagd-targeting.ts';
export { RegistryEdits } from './registry-edits.ts';
export { StoreInputs } from './store-inputs.ts';
