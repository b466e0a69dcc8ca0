import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ChangeCommand, type Scope } from '#libs/kernel';
import { type Approval, type CloseRequest, settled } from '../domain/index.ts';
import { decideWithdraw } from '../domain/decide-close.ts';
import { ApprovalStore } from '../ports/approval-store.ts';
import { SignerWorkflow } from './signer-workflow.ts';

/** The end of an approval, for good; the one step that is legal past its deadline. */
export class WithdrawApproval extends ChangeCommand<Approval> {
  readonly scope: Scope = 'admin:withdraw';

  constructor(
    readonly id: string,
    readonly request: CloseRequest,
  ) {
    super();
  }
}

@CommandHandler(WithdrawApproval)
export class WithdrawApprovalHandler implements ICommandHandler<WithdrawApproval, Approval> {
  constructor(
    private readonly approvals: ApprovalStore,
    private readonly workflow: SignerWorkflow,
  ) {}

  async execute({ origin, id, request }: WithdrawApproval): Promise<Approval> {
    this.workflow.admit(origin.actor);
    return settled(await this.approvals.change(id, origin, (approval, tx) => decideWithdraw(approval, request, tx)));
  }
}
