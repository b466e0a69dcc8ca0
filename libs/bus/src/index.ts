export { Outbox, type OutboxRow } from './outbox.ts';
export { BusClient } from './client.ts';
export { connectBus } from './connect-bus.ts';
export { BusDriver, BusUnreachable, type Receive, type Subscription } from './driver.ts';
export { type Deliver, MemoryBusDriver, MemoryBusHub } from './memory.ts';
export { type ChannelValidators, MessageCheck } from './message-check.ts';
export { Relay, type RelayOptions, type RelayPorts } from './relay.ts';
export { BusReport, type DroppedMessage, type DropReason } from './report.ts';
export { BusServer, type BusServerEvents, type BusServerOptions } from './server.ts';
