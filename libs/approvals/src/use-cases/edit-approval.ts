import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ChangeCommand, type Scope } from '#libs/kernel';
import { type Approval, type EditRequest, type MatrixRow, settled } from '../domain/index.ts';
import { decideEdit } from '../domain/decide-edit.ts';
import { ApprovalStore } from '../ports/approval-store.ts';
import { MatrixSource } from '../ports/matrix-source.ts';
import { SignerWorkflow } from './signer-workflow.ts';

/** Another justification or deadline; every signature must be given anew. */
export class EditApproval extends ChangeCommand<Approval> {
  readonly scope: Scope = 'admin:issue';

  constructor(
    readonly id: string,
    readonly request: EditRequest,
  ) {
    super();
  }
}

@CommandHandler(EditApproval)
export class EditApprovalHandler implements ICommandHandler<EditApproval, Approval> {
  constructor(
    private readonly approvals: ApprovalStore,
    private readonly matrix: MatrixSource,
    private readonly workflow: SignerWorkflow,
  ) {}

  async execute({ origin, id, request }: EditApproval): Promise<Approval> {
    const by = this.workflow.admit(origin.actor);
    const matrix = await this.matrix.current();
    const rowOf = (row: string): MatrixRow | null => matrix.get(row) ?? null;
    return settled(
      await this.approvals.change(id, origin, (approval, tx) => decideEdit(approval, request, { by, rowOf }, tx)),
    );
  }
}
