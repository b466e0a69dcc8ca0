import { Body, Controller, Get, Param, Patch, Post, Query, UseGuards } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import {
  EditApproval,
  GetApproval,
  GetMatrix,
  IssueApproval,
  ListApprovals,
  matrixRowDocument,
  RejectApproval,
  SignApproval,
  WithdrawApproval,
  type Approval,
} from '#libs/approvals';
import { ApprovalsQuery, EditBody, IssueBody, RejectBody, schemas, SignBody, WithdrawBody } from '#libs/contracts';
import { Authenticate, By } from '#libs/identity';
import { Clock, parseInstant, type ChangeCommand, type JsonObject, type Origin } from '#libs/kernel';
import { Answers, Dispatcher, requireScope, validateBody, validateQuery } from '#libs/platform';
import { approvalView } from './answers.ts';

const NOW = 'The approval as it now is';

/** The signer workflow. */
@ApiTags('approvals')
@UseGuards(Authenticate)
@Controller('api/policy')
export class ApprovalsController {
  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly queries: QueryBus,
    private readonly clock: Clock,
  ) {}

  @Get('matrix')
  @Answers(schemas.matrixAnswer, 'The policy: which roles a row asks for, and for how long')
  async matrix(@By() origin: Origin) {
    requireScope(origin, 'admin:read');
    const rows = await this.queries.execute(new GetMatrix());
    return { rows: rows.map(matrixRowDocument) };
  }

  @Get('approvals')
  @Answers(schemas.approvalList, 'The approvals, in the order of their ids')
  async list(
    @By() origin: Origin,
    @Query(validateQuery(ApprovalsQuery, { integers: ['limit'] })) { cursor, limit, ...filter }: ApprovalsQuery,
  ) {
    requireScope(origin, 'admin:read');
    const { approvals, nextCursor } = await this.queries.execute(new ListApprovals(filter, cursor ?? null, limit));
    const at = this.clock.now();
    return { approvals: approvals.map((approval) => approvalView(approval, at)), next_cursor: nextCursor };
  }

  @Get('approvals/:id')
  @Answers(schemas.approvalAnswer, 'One approval with its signatures')
  async get(@By() origin: Origin, @Param('id') id: string) {
    requireScope(origin, 'admin:read');
    return approvalView(await this.queries.execute(new GetApproval(id)), this.clock.now());
  }

  @Post('approvals')
  @Answers(schemas.approvalAnswer, 'The approval that was issued', { status: 201 })
  issue(@By() origin: Origin, @Body(validateBody(IssueBody)) body: IssueBody) {
    return this.#change(new IssueApproval({ ...body, sla_deadline: instantOf(body.sla_deadline) }), origin);
  }

  @Patch('approvals/:id')
  @Answers(schemas.approvalAnswer, NOW)
  edit(@By() origin: Origin, @Param('id') id: string, @Body(validateBody(EditBody)) body: EditBody) {
    const { revision, justification = null } = body;
    const command = new EditApproval(id, { revision, justification, sla_deadline: instantOf(body.sla_deadline) });
    return this.#change(command, origin);
  }

  @Post('approvals/:id/sign')
  @Answers(schemas.approvalAnswer, NOW)
  sign(@By() origin: Origin, @Param('id') id: string, @Body(validateBody(SignBody)) body: SignBody) {
    const { revision, role, comment = null } = body;
    return this.#change(new SignApproval(id, { revision, role, comment }), origin);
  }

  @Post('approvals/:id/reject')
  @Answers(schemas.approvalAnswer, NOW)
  reject(@By() origin: Origin, @Param('id') id: string, @Body(validateBody(RejectBody)) body: RejectBody) {
    return this.#change(new RejectApproval(id, body), origin);
  }

  @Post('approvals/:id/withdraw')
  @Answers(schemas.approvalAnswer, NOW)
  withdraw(@By() origin: Origin, @Param('id') id: string, @Body(validateBody(WithdrawBody)) body: WithdrawBody) {
    return this.#change(new WithdrawApproval(id, body), origin);
  }

  async #change(command: ChangeCommand<Approval>, origin: Origin): Promise<JsonObject> {
    return approvalView(await this.dispatcher.execute(command, origin), this.clock.now());
  }
}

/** The body's rules let nothing through that is no instant. */
function instantOf(text: string | undefined): number | null {
  return text === undefined ? null : parseInstant(text);
}
