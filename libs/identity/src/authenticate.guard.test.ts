import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, UseGuards } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { Origin } from '#libs/kernel';
import { Authenticate, By } from './authenticate.guard.ts';
import { DecodeOnlyTokens } from './decode-only-tokens.ts';
import { assemble, sign, testKey } from './testing/index.ts';
import { setUp } from './testing/token-set-up.ts';
import { TokenReader } from './token-reader.ts';

@Controller()
class WhoController {
  @Get('who')
  @UseGuards(Authenticate)
  who(@By() { actor, trace }: Origin) {
    return { id: actor.id, verified: actor.verified, ...trace };
  }

  @Get('unguarded')
  unguarded(@By() { actor }: Origin) {
    return actor.id;
  }
}

describe('the guard', () => {
  let app: NestFastifyApplication | null = null;
  afterEach(async () => {
    await app?.close();
  });

  async function get(tokens: TokenReader, path: string, token: string) {
    const testing = Test.createTestingModule({
      controllers: [WhoController],
      providers: [{ provide: TokenReader, useValue: tokens }],
    });
    const adapter = new FastifyAdapter({ genReqId: () => 'corr-1' });
    app = (await testing.compile()).createNestApplication<NestFastifyApplication>(adapter, {
      logger: false,
    });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    return app.inject({ url: path, headers: { authorization: `Bearer ${token}` } });
  }

  it('hands over who asks and which request it is', async () => {
    const key = await testKey();
    const { tokens, claims } = setUp(key);
    const response = await get(tokens, '/who', await sign(key, claims()));
    expect(response.json()).toEqual({ id: 'U-9', verified: true, correlationId: 'corr-1' });
    expect(response.headers).not.toHaveProperty('ptt-warning');
  });

  it('lets nobody through whom the reader refuses', async () => {
    const { tokens } = setUp(await testKey());
    const response = await get(tokens, '/who', 'garbage');
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('U-9');
  });

  it('warns in a header of what was not verified', async () => {
    const response = await get(new DecodeOnlyTokens(), '/who', assemble({}, { sub: 'U-9' }));
    expect(response.json()).toEqual({ id: 'U-9', verified: false, correlationId: 'corr-1' });
    expect(response.headers['ptt-warning']).toBe('auth_not_verified');
  });

  it('is needed where a route asks by whom', async () => {
    const response = await get(new DecodeOnlyTokens(), '/unguarded', assemble({}, { sub: 'U-9' }));
    expect(response.statusCode).toBe(500);
  });
});
