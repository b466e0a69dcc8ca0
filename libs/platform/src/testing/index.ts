export * from './collecting-log.ts';
export * from './manual-clock.ts';
export * from './seeded.ts';
