import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ChangeCommand, type Instant, type Scope } from '#libs/kernel';
import { type ApprovalSeeds, type Seeded, settled } from '../domain/index.ts';
import { decideSeed } from '../domain/decide-seed.ts';
import { ApprovalStore } from '../ports/approval-store.ts';

/** Fills a new store, once, with golden approvals whose times are moved to now. Asked for by no token, but by the app. */
export class SeedApprovals extends ChangeCommand<Seeded> {
  readonly scope: Scope = 'admin:issue';

  /** @param reference what `reference_time` becomes; null: the instant of seeding */
  constructor(
    readonly seeds: ApprovalSeeds,
    readonly reference: Instant | null = null,
  ) {
    super();
  }
}

@CommandHandler(SeedApprovals)
export class SeedApprovalsHandler implements ICommandHandler<SeedApprovals, Seeded> {
  constructor(private readonly approvals: ApprovalStore) {}

  async execute({ origin, seeds, reference }: SeedApprovals): Promise<Seeded> {
    return settled(await this.approvals.seed(origin, (isEmpty, tx) => decideSeed(isEmpty, seeds, reference, tx)));
  }
}
