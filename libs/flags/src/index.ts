export * from './adapters/index.ts';
export * from './domain/index.ts';
export * from './events/invalidation-events.ts';
export * from './ports/index.ts';
export * from './use-cases/index.ts';
