export * from './disk.ts';
export * from './processes.ts';
