export { Log, type LogFields, type LogLevel } from './log.ts';
export { Metrics, type Counter, type Sample, type Labels, type MetricShape } from './metrics.ts';
export { measureOutbox } from './outbox-metrics.ts';
export { NestLog } from './nest-log.ts';
export { PinoLog, type PinoLogOptions } from './pino-log.ts';
export { PromMetrics } from './prom-metrics.ts';
export { logStoreNotices } from './store-notices.ts';
export { BusFaults } from './bus-faults.ts';
