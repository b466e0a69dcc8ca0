export { openFfStore, type FfStore } from './ff-store.ts';
export { FfModule, type FfParts } from './ff.module.ts';
export { startFf, type RunningFf } from './start-ff.ts';
