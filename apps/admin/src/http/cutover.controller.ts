import { Controller, Get, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CUTOVER_STAGES, READINESS_CHECKS, schemas } from '#libs/contracts';
import { Authenticate, By } from '#libs/identity';
import type { Origin } from '#libs/kernel';
import { Answers, requireScope } from '#libs/platform';

/** Each layer at its first stage: nothing moves one yet. */
const LAYERS = Object.entries(CUTOVER_STAGES).map(([layer, [stage]]) => ({ layer, stage, epoch: 0 }));

/** What stands between here and the cutover. */
@ApiTags('cutover')
@UseGuards(Authenticate)
@Controller('api/cutover')
export class CutoverController {
  @Get()
  @Answers(schemas.cutoverAnswer, 'The 28 readiness checks, none of which was run, and the stage of each layer')
  checks(@By() origin: Origin) {
    requireScope(origin, 'admin:read');
    return { checks: READINESS_CHECKS.map((check) => ({ ...check, status: 'not_run' })), layers: LAYERS };
  }
}
