export { failure, outcome, SPEC } from './outcomes.ts';
export { sampleTrace } from './sample-trace.ts';
