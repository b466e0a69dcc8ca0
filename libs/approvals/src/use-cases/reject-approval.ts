import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ChangeCommand, type Scope } from '#libs/kernel';
import { type Approval, type CloseRequest, settled } from '../domain/index.ts';
import { decideReject } from '../domain/decide-close.ts';
import { ApprovalStore } from '../ports/approval-store.ts';
import { SignerWorkflow } from './signer-workflow.ts';

/** A signer's no, for good. */
export class RejectApproval extends ChangeCommand<Approval> {
  readonly scope: Scope = 'admin:sign';

  constructor(
    readonly id: string,
    readonly request: CloseRequest,
  ) {
    super();
  }
}

@CommandHandler(RejectApproval)
export class RejectApprovalHandler implements ICommandHandler<RejectApproval, Approval> {
  constructor(
    private readonly approvals: ApprovalStore,
    private readonly workflow: SignerWorkflow,
  ) {}

  async execute({ origin, id, request }: RejectApproval): Promise<Approval> {
    const by = this.workflow.admit(origin.actor);
    return settled(await this.approvals.change(id, origin, (approval, tx) => decideReject(approval, request, by, tx)));
  }
}
