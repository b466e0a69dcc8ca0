import { Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { schemas, type BulkRequest, type EvaluateRequest } from '#libs/contracts';
import { andThen, type Awaitable, EvaluateFlag, EvaluateFlags } from '#libs/flags';
import { TokenReader, type Caller } from '#libs/identity';
import { HotRoute, requireScope, sendJson } from '#libs/platform';
import { AnswerTexts } from './answer-texts.ts';
import { requireContextSize } from './context-size.ts';

/** The hot path: compiled schemas, no pipe, no guard, no interceptor, no QueryBus. */
@ApiTags('evaluation')
@Controller('v1/flags')
export class EvaluateController {
  constructor(
    private readonly tokens: TokenReader,
    private readonly one: EvaluateFlag,
    private readonly many: EvaluateFlags,
    private readonly texts: AnswerTexts,
  ) {}

  @Post('evaluate')
  @HotRoute({
    body: schemas.evaluateRequest,
    answer: schemas.evaluateAnswer,
    description: 'What one flag answers for one subject, and why',
  })
  evaluate(request: FastifyRequest<{ Body: EvaluateRequest }>, reply: FastifyReply): Awaitable<void> {
    const { body } = request;
    return andThen(this.tokens.read(request.headers.authorization, request.socket), (read) => {
      const caller = allowed(read);
      requireContextSize(body.context, request.headers['content-length']);
      const answered = this.one.execute(body.flag_key, subjectOf(body), askerOf(caller, request));
      return andThen(answered, (answer) => sendJson(reply, this.texts.one(answer)));
    });
  }

  @Post('evaluate/bulk')
  @HotRoute({
    body: schemas.bulkRequest,
    answer: schemas.bulkAnswer,
    description: 'What many flags answer for one subject; what differs from call to call stands in headers',
  })
  async bulk(request: FastifyRequest<{ Body: BulkRequest }>, reply: FastifyReply): Promise<void> {
    const { body } = request;
    const read = this.tokens.read(request.headers.authorization, request.socket);
    const caller = allowed(read instanceof Promise ? await read : read);
    requireContextSize(body.context, request.headers['content-length']);
    const answer = await this.many.execute(body.flag_keys ?? null, subjectOf(body), askerOf(caller, request));
    const { cache, replica, evaluated_at } = answer.call;
    reply.headers({ 'PTT-Cache': cache, 'PTT-Replica': replica, 'PTT-Evaluated-At': evaluated_at });
    if (answer.warnings.length > 0) reply.header('PTT-Warning', answer.warnings.join(', '));
    sendJson(reply, this.texts.many(answer.body));
  }
}

/** @throws PttError insufficient_scope */
function allowed(caller: Caller): Caller {
  requireScope(caller, 'ff:read');
  return caller;
}

function subjectOf({ tenant_id, user_id, context }: Pick<EvaluateRequest, 'tenant_id' | 'user_id' | 'context'>) {
  return { tenantId: tenant_id ?? null, userId: user_id ?? null, context: context ?? {} };
}

function askerOf({ actor, token }: Caller, { id }: { readonly id: string }) {
  return { actor, subjectToken: token, correlationId: id };
}
