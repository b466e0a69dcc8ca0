import { Body, Controller, Delete, Headers, Param, Put, Res, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { OverrideBody, schemas } from '#libs/contracts';
import { RemoveOverride, SetOverride, type Choice, type OverrideAnswer, type OverrideKey } from '#libs/flags';
import { Authenticate, By } from '#libs/identity';
import { PttError, type Origin } from '#libs/kernel';
import { Answers, Dispatcher, formatETag, parseIfMatch, validateBody } from '#libs/platform';

const Answer = () => Answers(schemas.overrideAnswer, 'The override as it is now; its version is the ETag');
const IF_MATCH = { name: 'If-Match', required: false, description: 'Only if the override still has this version' };

/** Sets and removes overrides. */
@ApiTags('overrides')
@UseGuards(Authenticate)
@Controller('v1/flags/override')
export class OverridesController {
  constructor(private readonly dispatcher: Dispatcher) {}

  @Put('tenant/:tenant_id/:flag_key')
  @ApiHeader(IF_MATCH)
  @Answer()
  setForTenant(
    @By() origin: Origin,
    @Param('tenant_id') subjectId: string,
    @Param('flag_key') flagKey: string,
    @Body(validateBody(OverrideBody)) body: OverrideBody,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.#set({ scope: 'tenant', subject_id: subjectId, flag_key: flagKey }, body, ifMatch, origin, reply);
  }

  @Put('user/:user_id/:flag_key')
  @ApiHeader(IF_MATCH)
  @Answer()
  setForUser(
    @By() origin: Origin,
    @Param('user_id') subjectId: string,
    @Param('flag_key') flagKey: string,
    @Body(validateBody(OverrideBody)) body: OverrideBody,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.#set({ scope: 'user', subject_id: subjectId, flag_key: flagKey }, body, ifMatch, origin, reply);
  }

  @Delete('tenant/:tenant_id/:flag_key')
  @ApiHeader(IF_MATCH)
  @Answer()
  removeForTenant(
    @By() origin: Origin,
    @Param('tenant_id') subjectId: string,
    @Param('flag_key') flagKey: string,
    @Headers('if-match') ifMatch: string | undefined,
  ) {
    const key: OverrideKey = { scope: 'tenant', subject_id: subjectId, flag_key: flagKey };
    return this.dispatcher.execute(new RemoveOverride(key, parseIfMatch(ifMatch)), origin);
  }

  @Delete('user/:user_id/:flag_key')
  @ApiHeader(IF_MATCH)
  @Answer()
  removeForUser(
    @By() origin: Origin,
    @Param('user_id') subjectId: string,
    @Param('flag_key') flagKey: string,
    @Headers('if-match') ifMatch: string | undefined,
  ) {
    const key: OverrideKey = { scope: 'user', subject_id: subjectId, flag_key: flagKey };
    return this.dispatcher.execute(new RemoveOverride(key, parseIfMatch(ifMatch)), origin);
  }

  async #set(
    key: OverrideKey,
    body: OverrideBody,
    ifMatch: string | undefined,
    origin: Origin,
    reply: FastifyReply,
  ): Promise<OverrideAnswer> {
    const command = new SetOverride(key, choiceOf(body), body.reason, body.expires_at ?? null, parseIfMatch(ifMatch));
    const answer = await this.dispatcher.execute(command, origin);
    if (answer.override !== null) reply.header('ETag', formatETag(answer.override.version));
    return answer;
  }
}

/** The body's rules let exactly one of the two through. */
function choiceOf({ value, variant }: OverrideBody): Choice {
  if (variant !== undefined) return { variant };
  if (value !== undefined) return { value };
  throw new PttError('missing_field', { detail: 'Give either value or variant.', pointer: '#/value' });
}
