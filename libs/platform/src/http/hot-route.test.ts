import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Module, Post, UseFilters, UseGuards, UseInterceptors, UsePipes } from '@nestjs/common';
import { PttError } from '#libs/kernel';
import { CollectingLog, ManualClock, SequentialIds } from '#libs/platform/testing';
import { createHttpApp, type HttpApp } from './http-app.ts';
import { HotRoute } from './hot-route.ts';
import { refused, send, startNotes, thrown } from './testing/notes-app.ts';

let app: HttpApp;
beforeAll(async () => {
  app = await startNotes();
});
afterAll(() => app.close());

const ask = (flag_key: string) => ['POST', '/v1/hot', JSON.stringify({ flag_key })] as const;

describe('a hot route', () => {
  it.each(['now', 'later'])('is answered by its controller, %s', async (flag_key) => {
    expect(await send(app, ...ask(flag_key))).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8', 'ptt-correlation-id': expect.any(String) },
      body: { flag_key, asked: flag_key.length },
    });
  });

  it.each<[string, string, string, string]>([
    ['/v1/hot', '{"flag_key":1}', 'invalid_field', '#/flag_key'],
    ['/v1/hot', '{"flag_key":"a","b":1}', 'unknown_field', '#/b'],
    ['/v1/hot?dry_run=true', '{"flag_key":"a"}', 'unknown_field', '#/query/dry_run'],
  ])('refuses at %s %s', async (url, body, code, pointer) => {
    expect(await refused(app, 'POST', url, body)).toMatchObject({ status: 400, code, pointer });
  });

  describe.each(['thrown', 'thrown later'])('that has %s', (flag_key) => {
    it('an error of the closed set is told by its code', async () => {
      thrown.next = new PttError('flag_not_found', { detail: 'no such flag', pointer: '/flag_key' });
      expect(await refused(app, ...ask(flag_key))).toMatchObject({ status: 404, code: 'flag_not_found' });
    });

    it.each<[string, unknown]>([
      ['an error', new Error('secret of ours')],
      ['a text', 'secret of ours'],
      ['nothing', null],
    ])('%s is an error of our own', async (_what, error) => {
      thrown.next = error;
      expect(await refused(app, ...ask(flag_key))).toMatchObject({ status: 500, code: 'internal' });
    });
  });

  it.each([UseGuards, UsePipes, UseInterceptors, UseFilters])('is refused beside an enhancer: %p', async (use) => {
    @use()
    @Controller('v1')
    class Enhanced {
      @Post('hot')
      @HotRoute({ body: {}, answer: {}, description: 'Asks' })
      hot(): void {}
    }
    @Module({ controllers: [Enhanced] })
    class Around {}
    const clock = new ManualClock();
    const options = { log: new CollectingLog(), clock, scheduler: clock, ids: new SequentialIds() };
    const made = await createHttpApp(Around, options);
    await expect(made.ready()).rejects.toThrow('a hot route runs no enhancer, and /v1/hot has __');
  });
});
