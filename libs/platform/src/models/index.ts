// What stands in for a machine where there is none: the simulator's worlds and tests run on it.
export { type DiskAct, FakeDiskError } from './fake-disk-faults.ts';
export * from './fake-disk.ts';
export * from './fake-processes.ts';
export * from './seeded.ts';
// What the simulator plants faults in.
export { GroupWriter } from '../file-store/group-writer.ts';
export { TableRows } from '../file-store/table-rows.ts';
