export * from './ambient.ts';
export * from './node-chance.ts';
export * from './node-time.ts';
export * from './uuid-v7.ts';
