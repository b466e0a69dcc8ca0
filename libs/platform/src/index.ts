export * from './disk/index.ts';
export * from './file-store/index.ts';
export * from './time/index.ts';
