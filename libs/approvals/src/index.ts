export * from './adapters/index.ts';
export * from './domain/index.ts';
export * from './events/approval-transitioned.ts';
export * from './ports/index.ts';
export * from './use-cases/index.ts';
