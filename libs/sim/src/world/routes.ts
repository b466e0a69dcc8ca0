import type { Approval } from '#libs/approvals';
import type { BulkFlagAnswer, CallMeta, Subject } from '#libs/flags';
import type { Caller, TokenReader } from '#libs/identity';
import { type ChangeCommand, type Origin, type Scope } from '#libs/kernel';
import { requireScope } from '#libs/platform';
import type { RequestReads } from '../watch/request-reads.ts';
import { GATED } from '../workload/golden.ts';
import type { AdminInstance } from './admin-process.ts';
import type { FfReplica } from './ff-replica.ts';
import type { Site } from './site.ts';

// What the services' routes do between a request and a use case: that HTTP itself lies between is not simulated.

/** What joins the records of a call, and the connection that it came on. */
export interface Call {
  readonly trace: Origin['trace'];
  readonly connection: object;
}

async function caller(tokens: TokenReader, token: string, scope: Scope, connection: object): Promise<Caller> {
  const read = await tokens.read(`Bearer ${token}`, connection);
  requireScope(read, scope);
  return read;
}

export async function evaluate(
  replica: FfReplica,
  token: string,
  flag: string,
  subject: Subject,
  { trace: { correlationId }, connection }: Call,
  site: Site,
): Promise<void> {
  const { actor, token: subjectToken } = await caller(replica.tokens, token, 'ff:read', connection);
  const askedAt = site.time.now;
  const asking = replica.evaluateFlag.execute(flag, subject, { actor, subjectToken, correlationId });
  const asked = { subject, reads: replica.inputs.begun, askedAt };
  const answer = await asking;
  tell(replica, answer, answer.meta, asked, site);
}

export async function evaluateMany(
  replica: FfReplica,
  token: string,
  flags: readonly string[] | null,
  subject: Subject,
  { trace: { correlationId }, connection }: Call,
  site: Site,
): Promise<void> {
  const { actor, token: subjectToken } = await caller(replica.tokens, token, 'ff:read', connection);
  const askedAt = site.time.now;
  const asking = replica.evaluateFlags.execute(flags, subject, { actor, subjectToken, correlationId });
  const asked = { subject, reads: replica.inputs.begun, askedAt };
  const { body, call } = await asking;
  for (const answer of body.flags) tell(replica, answer, call, asked, site);
}

export async function execute(
  replica: FfReplica,
  token: string,
  command: ChangeCommand<unknown>,
  { trace, connection }: Call,
  { watch, time }: Site,
): Promise<unknown> {
  const { actor } = await caller(replica.tokens, token, command.scope, connection);
  const answer = await replica.execute(command, { actor, trace });
  watch.wrote({ replica: replica.process.name, correlationId: trace.correlationId, at: time.now });
  return answer;
}

export async function executeAtAdmin(
  admin: AdminInstance,
  token: string,
  command: ChangeCommand<Approval>,
  { trace, connection }: Call,
): Promise<Approval> {
  const { actor } = await caller(admin.tokens, token, command.scope, connection);
  return admin.execute(command, { actor, trace });
}

interface Asked {
  readonly subject: Subject;
  readonly reads: RequestReads;
  readonly askedAt: number;
}

function tell(replica: FfReplica, answer: BulkFlagAnswer, call: CallMeta, asked: Asked, site: Site): void {
  const { subject, reads, askedAt } = asked;
  tellGated(replica, answer, askedAt, site);
  const { name } = replica.process;
  site.watch.evaluated({ replica: name, answer, evaluatedAt: call.evaluated_at, subject, reads });
}

/** By what golden.ts says of the flag, not by whether FF took it for gated. */
function tellGated({ process }: FfReplica, answer: BulkFlagAnswer, askedAt: number, { watch, time }: Site): void {
  const { flag_key: flagKey, enabled, value, variant, reason, meta } = answer;
  const matrixRow = GATED[flagKey];
  if (matrixRow === undefined) return;
  watch.gated({
    replica: process.name,
    flagKey,
    matrixRow,
    // Whatever a caller may go by.
    isOn: enabled || value === true || variant === 'on',
    decision: meta.gate?.decision ?? null,
    reason,
    approvalRef: meta.approval_ref,
    askedAt,
    answeredAt: time.now,
  });
}
