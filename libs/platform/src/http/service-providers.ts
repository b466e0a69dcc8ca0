import type { ValueProvider } from '@nestjs/common';
import { Clock, Ids, Scheduler } from '#libs/kernel';
import { FileStore } from '../file-store/index.ts';
import { Log, Metrics } from '../telemetry/index.ts';
import type { Ambient } from '../time/index.ts';

interface ServiceParts {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly ambient: Ambient;
  readonly files: FileStore;
}

/** The ports that every service has: what it writes to, and what it takes time and ids from. */
export function serviceProviders({ log, metrics, ambient, files }: ServiceParts): readonly ValueProvider[] {
  return [
    { provide: Log, useValue: log },
    { provide: Metrics, useValue: metrics },
    { provide: Clock, useValue: ambient.clock },
    { provide: Scheduler, useValue: ambient.scheduler },
    { provide: Ids, useValue: ambient.ids },
    { provide: FileStore, useValue: files },
  ];
}
