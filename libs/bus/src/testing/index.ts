export { type BusEnd, busContract, type BusUnderTest } from './bus-contract.ts';
export * from './collected-report.ts';
export * from './sending-checked.ts';
