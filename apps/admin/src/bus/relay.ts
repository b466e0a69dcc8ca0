import { EventsHandler, type IEventHandler } from '@nestjs/cqrs';
import { ApprovalTransitioned } from '#libs/approvals';
import { Outbox } from '#libs/bus';

/** Has each committed transition published as `approval_ttl_refresh`, until the transport acknowledges it. */
@EventsHandler(ApprovalTransitioned)
export class ApprovalRelay implements IEventHandler<ApprovalTransitioned> {
  constructor(private readonly outbox: Outbox) {}

  handle({ payload }: ApprovalTransitioned): void {
    this.outbox.add([{ channel: 'approval_ttl_refresh', payload }]);
  }
}
