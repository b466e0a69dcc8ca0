export { sampleAnswer } from './answers.ts';
export { failure, outcome, SETTING, SPEC } from './outcomes.ts';
export { sampleTrace } from './sample-trace.ts';
