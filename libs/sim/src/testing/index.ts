export { sampleTrace } from './sample-trace.ts';
