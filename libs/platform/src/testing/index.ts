export * from './collecting-log.ts';
export { type DiskAct, FakeDiskError } from './fake-disk-faults.ts';
export * from './fake-disk.ts';
export * from './fake-processes.ts';
export * from './manual-clock.ts';
export * from './seeded.ts';
