export { Seeds } from './seeds.ts';
export { startPlane, type Plane, type PlaneParts } from './plane.ts';
export { run } from './program.ts';
export { seedFolder, type SeededFolder, type SeedFolderParts } from './seed-folder.ts';
export { thingsToTry } from './things-to-try.ts';
export { EXIT, type Terminal } from './terminal.ts';
