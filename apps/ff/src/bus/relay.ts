import { EventsHandler, type IEventHandler } from '@nestjs/cqrs';
import { BusClient } from '#libs/bus';
import { CacheInvalidated, OverrideChanged, RegistryReloaded, type InvalidationEvent } from '#libs/flags';

/**
 * Publishes what was committed as `ptt.ff.invalidate`. A message is a hint: when it cannot be handed over, that is
 * reported (`DomainEvents`) and the change stands.
 */
@EventsHandler(OverrideChanged, RegistryReloaded, CacheInvalidated)
export class InvalidationRelay implements IEventHandler<InvalidationEvent> {
  constructor(private readonly bus: BusClient) {}

  async handle({ payload }: InvalidationEvent): Promise<void> {
    await this.bus.announce('ptt.ff.invalidate', payload);
  }
}
