export { allowing, denying } from './answers.ts';
export { type Held, ScriptedCheck, type Script } from './scripted-check.ts';
