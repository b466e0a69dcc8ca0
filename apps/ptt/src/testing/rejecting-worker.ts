// A thread whose seed 7 rejects what nobody takes, and goes on.
import 'reflect-metadata';
import { simulateSeed } from '#libs/sim';
import { serveSeeds } from '../simulate/serve-seeds.ts';

serveSeeds((spec) =>
  simulateSeed(spec, ({ time }) => {
    if (spec.seed === 7) time.after(1_500, () => void Promise.reject(new Error('nobody takes this')));
  }),
);
