import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ChangeCommand, type Scope } from '#libs/kernel';
import { type Approval, type SignRequest, settled } from '../domain/index.ts';
import { decideSign } from '../domain/decide-sign.ts';
import { ApprovalStore } from '../ports/approval-store.ts';
import { SignerWorkflow } from './signer-workflow.ts';

/** A signature, in one role, to the revision that the signer saw. */
export class SignApproval extends ChangeCommand<Approval> {
  readonly scope: Scope = 'admin:sign';

  constructor(
    readonly id: string,
    readonly request: SignRequest,
  ) {
    super();
  }
}

@CommandHandler(SignApproval)
export class SignApprovalHandler implements ICommandHandler<SignApproval, Approval> {
  constructor(
    private readonly approvals: ApprovalStore,
    private readonly workflow: SignerWorkflow,
  ) {}

  async execute({ origin, id, request }: SignApproval): Promise<Approval> {
    const by = this.workflow.admit(origin.actor);
    return settled(await this.approvals.change(id, origin, (approval, tx) => decideSign(approval, request, by, tx)));
  }
}
