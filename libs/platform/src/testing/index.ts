export * from '../models/index.ts';
export * from './collecting-log.ts';
export * from './counting-disk.ts';
export * from './manual-clock.ts';
