import { EventsHandler, type IEventHandler } from '@nestjs/cqrs';
import { ApprovalTransitioned } from '#libs/approvals';
import { BusClient } from '#libs/bus';

/**
 * Publishes each committed transition as `approval_ttl_refresh`. A message is a hint: when it cannot be handed over,
 * that is reported (`DomainEvents`) and the change stands.
 */
@EventsHandler(ApprovalTransitioned)
export class ApprovalRelay implements IEventHandler<ApprovalTransitioned> {
  constructor(private readonly bus: BusClient) {}

  async handle({ payload }: ApprovalTransitioned): Promise<void> {
    await this.bus.announce('approval_ttl_refresh', payload);
  }
}
