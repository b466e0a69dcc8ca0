import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { PttError } from '#libs/kernel';
import { EXPOSITION_TYPE, Metrics } from '../telemetry/metrics.ts';
import { Readiness, type DependencyStatus } from './readiness.ts';

const DEPENDENCY = {
  type: 'object',
  required: ['name', 'status', 'detail', 'required'],
  additionalProperties: false,
  properties: {
    name: { type: 'string' },
    status: { type: 'string', enum: ['up', 'down'] },
    detail: { type: 'string' },
    required: { type: 'boolean' },
  },
};

@ApiTags('health')
@Controller()
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly metrics: Metrics,
  ) {}

  /** The process turns its loop; it says nothing about what it stands on. */
  @Get('healthz')
  @ApiOkResponse({
    description: 'The process is alive',
    schema: { type: 'object', required: ['status'], properties: { status: { type: 'string', enum: ['alive'] } } },
  })
  alive(): { readonly status: 'alive' } {
    return { status: 'alive' };
  }

  @Get('readyz')
  @ApiOkResponse({
    description: 'Everything that is required is there; a line for each dependency',
    schema: {
      type: 'object',
      required: ['status', 'dependencies'],
      properties: {
        status: { type: 'string', enum: ['ready'] },
        dependencies: { type: 'array', items: DEPENDENCY },
      },
    },
  })
  ready(): { readonly status: 'ready'; readonly dependencies: readonly DependencyStatus[] } {
    const dependencies = this.readiness.dependencies();
    const missing = dependencies.filter(({ required, status }) => required && status === 'down');
    if (missing.length > 0) {
      const detail = missing.map((dependency) => `${dependency.name} is down: ${dependency.detail}`).join('; ');
      throw new PttError('not_ready', {
        detail,
        extensions: { dependencies: dependencies.map((dependency) => ({ ...dependency })) },
      });
    }
    return { status: 'ready', dependencies };
  }

  @Get('metrics')
  @Header('Content-Type', EXPOSITION_TYPE)
  @ApiOkResponse({
    description: 'Everything that is counted, for Prometheus',
    content: { 'text/plain': { schema: { type: 'string' } } },
  })
  exposition(): Promise<string> {
    return this.metrics.exposition();
  }
}
