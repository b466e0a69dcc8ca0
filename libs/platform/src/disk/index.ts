export * from './disk.ts';
export * from './node-disk.ts';
export * from './node-processes.ts';
export * from './processes.ts';
