export { failure, outcome, SPEC } from './outcomes.ts';
