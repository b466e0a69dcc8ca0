import { Body, Controller, Param, Post } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import { describe, expect, it } from '@jest/globals';
import { validateBody } from '#libs/platform';
import { IssueBody } from '#libs/contracts';
import { bodiesOf, isClass } from './bodies.ts';
import { repositoryFiles, ROOT } from './repository.ts';

/** Bodies that the use case itself parses, fault by fault, each with the reason. */
const PARSED_BY_THE_USE_CASE = [
  // A registry of any size: its faults carry pointers that neither a class nor a schema compiler gives.
  'RegistryController.import',
];

const ERASED = ['Object', 'Function', 'nothing'];

const paths = repositoryFiles().filter((path) => /^apps\/[^/]+\/src\/.*\.controller\.ts$/.test(path));

interface Erased {
  readonly reason: string;
}

@Controller()
class Planted {
  @Post('a')
  checked(@Param('id') id: string, @Body(validateBody(IssueBody)) body: IssueBody): string {
    return id + body.justification;
  }

  @Post('b')
  erased(@Body() body: Erased): string {
    return body.reason;
  }

  @Post('c')
  @RouteSchema({ body: { type: 'object' } })
  compiled(@Body() body: Erased): string {
    return body.reason;
  }
}

describe('every body', () => {
  it('is seen as the framework sees it', () => {
    expect(bodiesOf(Planted)).toEqual([
      { where: 'Planted.checked', type: 'IssueBody', hasPipe: true, hasSchema: false },
      { where: 'Planted.erased', type: 'Object', hasPipe: false, hasSchema: false },
      { where: 'Planted.compiled', type: 'Object', hasPipe: false, hasSchema: true },
    ]);
  });

  // With `import type` of its class a body arrives unchecked: the metadata then says Object or Function.
  it('is checked by a class that is there at run time, or by a compiled schema', async () => {
    const exported: readonly object[] = await Promise.all(paths.map((path) => import(`${ROOT}${path}`)));
    const bodies = exported.flatMap((module) => Object.values(module).filter(isClass).flatMap(bodiesOf));
    const unchecked = bodies.filter(
      ({ type, hasPipe, hasSchema }) => !hasSchema && (!hasPipe || ERASED.includes(type)),
    );
    expect(paths.length).toBeGreaterThan(5);
    expect(bodies.length).toBeGreaterThan(10);
    expect(unchecked.map(({ where }) => where)).toEqual(PARSED_BY_THE_USE_CASE);
  });
});
