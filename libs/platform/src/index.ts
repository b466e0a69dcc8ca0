export * from './config/index.ts';
export * from './cqrs/index.ts';
export * from './disk/index.ts';
export * from './file-store/index.ts';
export * from './http/index.ts';
export * from './telemetry/index.ts';
export * from './time/index.ts';
