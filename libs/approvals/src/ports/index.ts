export * from './alerts.ts';
export * from './approval-store.ts';
export * from './audit-trail.ts';
export * from './ingest-store.ts';
export * from './matrix-source.ts';
