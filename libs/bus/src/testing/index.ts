export * from './collected-report.ts';
export * from './sending-checked.ts';
