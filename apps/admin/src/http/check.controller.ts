import { Body, Controller, Headers, Post, UseGuards } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { RouteSchema } from '@nestjs/platform-fastify';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { Preview, SensitiveCheck, type Asking } from '#libs/approvals';
import { PreviewBody, schemas, type SensitiveCheckRequest } from '#libs/contracts';
import { Authenticate, By, SubjectTokens } from '#libs/identity';
import type { Origin } from '#libs/kernel';
import { Answers, requireScope, Takes, validateBody } from '#libs/platform';

const SUBJECT = {
  name: 'PTT-Subject-Token',
  required: false,
  description: 'The token of whoever is served; its claim approval_ref names the approval meant',
};

/** Whether an approval counts right now. */
@ApiTags('check')
@UseGuards(Authenticate)
@Controller('api/policy')
export class CheckController {
  constructor(
    private readonly queries: QueryBus,
    private readonly subjects: SubjectTokens,
  ) {}

  @Post('sensitive.check.2b')
  @ApiHeader(SUBJECT)
  @RouteSchema({ body: schemas.sensitiveCheckRequest })
  @Takes(schemas.sensitiveCheckRequest, 'One check, or many')
  @Answers(
    { anyOf: [schemas.sensitiveCheckAnswer, schemas.sensitiveCheckAnswers] },
    'One answer, or one for each check in their order, all at one instant',
  )
  async check(
    @By() origin: Origin,
    @Body() body: SensitiveCheckRequest,
    @Headers('ptt-subject-token') subjectToken: string | undefined,
  ) {
    requireScope(origin, 'admin:check');
    const asking = await this.#asking(origin, subjectToken);
    if ('checks' in body) return this.queries.execute(new SensitiveCheck(body.checks, asking));
    const [answer] = await this.queries.execute(new SensitiveCheck([body], asking));
    return answer;
  }

  @Post('preview')
  @ApiHeader(SUBJECT)
  @Answers(schemas.previewAnswer, 'What the check would say, and the envelope it would make; records nothing')
  async preview(
    @By() origin: Origin,
    @Body(validateBody(PreviewBody)) body: PreviewBody,
    @Headers('ptt-subject-token') subjectToken: string | undefined,
  ) {
    requireScope(origin, 'admin:check');
    return this.queries.execute(new Preview(body, await this.#asking(origin, subjectToken), origin));
  }

  async #asking({ actor }: Origin, subjectToken: string | undefined): Promise<Asking> {
    const subject = await this.subjects.read(subjectToken);
    return { approvalRef: subject?.actor.approvalRef ?? null, isVerified: actor.verified };
  }
}
