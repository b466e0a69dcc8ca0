import { EventsHandler, type IEventHandler } from '@nestjs/cqrs';
import { Relay } from '#libs/bus';
import { CacheInvalidated, OverrideChanged, RegistryReloaded, type InvalidationEvent } from '#libs/flags';

/** Has what was committed published as `ptt.ff.invalidate`, until the transport acknowledges it. */
@EventsHandler(OverrideChanged, RegistryReloaded, CacheInvalidated)
export class InvalidationRelay implements IEventHandler<InvalidationEvent> {
  constructor(private readonly relay: Relay) {}

  handle({ payload }: InvalidationEvent): void {
    this.relay.add({ channel: 'ptt.ff.invalidate', payload });
  }
}
