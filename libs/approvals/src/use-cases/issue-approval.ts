import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ChangeCommand, type Scope } from '#libs/kernel';
import { type Approval, type IssueRequest, settled } from '../domain/index.ts';
import { decideIssue } from '../domain/decide-issue.ts';
import { ApprovalStore } from '../ports/approval-store.ts';
import { MatrixSource } from '../ports/matrix-source.ts';
import { SignerWorkflow } from './signer-workflow.ts';

/** Asks for an approval of a target under a row of the matrix. */
export class IssueApproval extends ChangeCommand<Approval> {
  readonly scope: Scope = 'admin:issue';

  constructor(readonly request: IssueRequest) {
    super();
  }
}

@CommandHandler(IssueApproval)
export class IssueApprovalHandler implements ICommandHandler<IssueApproval, Approval> {
  constructor(
    private readonly approvals: ApprovalStore,
    private readonly matrix: MatrixSource,
    private readonly workflow: SignerWorkflow,
  ) {}

  async execute({ origin, request }: IssueApproval): Promise<Approval> {
    const by = this.workflow.admit(origin.actor);
    const row = (await this.matrix.current()).get(request.matrix_row) ?? null;
    return settled(
      await this.approvals.issue(request, origin, (view, tx) => decideIssue(view, request, { by, row }, tx)),
    );
  }
}
