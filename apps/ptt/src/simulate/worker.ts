// What each core runs: one seed after another, as it is asked to.
import 'reflect-metadata';
import { simulateSeed } from '#libs/sim';
import { serveSeeds } from './serve-seeds.ts';

serveSeeds(simulateSeed);
