import { EventsHandler, type IEventHandler } from '@nestjs/cqrs';
import { Outbox } from '#libs/bus';
import { CacheInvalidated, OverrideChanged, RegistryReloaded, type InvalidationEvent } from '#libs/flags';

/** Has what was committed published as `ptt.ff.invalidate`, until the transport acknowledges it. */
@EventsHandler(OverrideChanged, RegistryReloaded, CacheInvalidated)
export class InvalidationRelay implements IEventHandler<InvalidationEvent> {
  constructor(private readonly outbox: Outbox) {}

  handle({ payload }: InvalidationEvent): void {
    // An entry's end is this replica's own affair: every other one has its own clock for it.
    if (payload['trigger'] !== 'ttl_expiry') this.outbox.add([{ channel: 'ptt.ff.invalidate', payload }]);
  }
}
