export * from '../models/index.ts';
export * from './collecting-log.ts';
export * from './manual-clock.ts';
