export { failure, outcome, SETTING, SPEC } from './outcomes.ts';
export { sampleTrace } from './sample-trace.ts';
