export { ALLOWED, FakeFacts, FakeGate, FakeMatrixRows } from './fakes.ts';
export { FlagMachine, OpenFlagFiles } from './flag-machine.ts';
export {
  gatedFlag,
  sampleActor,
  sampleAsker,
  sampleDefinition,
  sampleFlag,
  sampleHeld,
  sampleOrigin,
  sampleOverride,
  sampleRegistry,
  SEEDING,
} from './samples.ts';
export { storesContract, type StoresUnderTest } from './store-contract.ts';
export { by, FlagService } from './flag-service.ts';
export { PlainTransaction } from './plain-transaction.ts';
