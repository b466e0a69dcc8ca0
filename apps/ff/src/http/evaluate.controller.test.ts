import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { EvaluateFlag, EvaluateFlags, StoreInputs } from '#libs/flags';
import { FlagService, sampleActor } from '#libs/flags/testing';
import { TokenReader, type Caller } from '#libs/identity';
import type { Scope } from '#libs/kernel';
import { createHttpApp, type HttpApp } from '#libs/platform';
import { CollectingLog } from '#libs/platform/testing';
import { AnswerTexts } from './answer-texts.ts';
import { EvaluateController } from './evaluate.controller.ts';

/** A cache that is not reached. */
class WarnedInputs extends StoreInputs {
  override readonly warnings = ['cache_unavailable', 'second'];
}

/** Takes any token at once, or later. */
class AnyToken extends TokenReader {
  readonly warnings = [];
  readonly remembered = 0;
  scopes: ReadonlySet<Scope> = new Set<Scope>(['ff:read']);
  isLate = false;

  read(): Caller | Promise<Caller> {
    const caller = { actor: sampleActor({ scopes: this.scopes }), warnings: [], token: null };
    return this.isLate ? Promise.resolve(caller) : caller;
  }

  readToken(): Caller | Promise<Caller> {
    return this.read();
  }

  keys(): null {
    return null;
  }

  forgetKeys(): void {}
}

@Module({})
class Around {}

describe('the evaluation routes', () => {
  let service: FlagService;
  let app: HttpApp;
  let tokens: AnyToken;

  beforeEach(async () => {
    tokens = new AnyToken();
    service = await FlagService.open(undefined, (_machine, { flags, overrides }) => new WarnedInputs(flags, overrides));
    await service.define({ 'ff.a': {}, 'ff.b': {} });
    const { clock, ids } = service.machine;
    app = await createHttpApp(
      {
        module: Around,
        controllers: [EvaluateController],
        providers: [
          AnswerTexts,
          { provide: TokenReader, useValue: tokens },
          { provide: EvaluateFlag, useValue: service.evaluateFlag },
          { provide: EvaluateFlags, useValue: service.evaluateFlags },
        ],
      },
      { log: new CollectingLog(), clock, scheduler: clock, ids },
    );
    await app.ready();
  });
  afterEach(async () => {
    await app.close();
    await service.close();
  });

  const post = (path: string, payload: object) =>
    app.fastify.inject({ method: 'POST', url: `/v1/flags/${path}`, payload, headers: { 'ptt-correlation-id': 'c-1' } });

  it.each([false, true])('answer what the use case answers, the token read later: %s', async (isLate) => {
    tokens.isLate = isLate;
    const [one, many] = [await post('evaluate', { flag_key: 'ff.a' }), await post('evaluate/bulk', {})];
    expect(one.json()).toEqual(await service.ask('ff.a'));
    expect(many.json()).toEqual((await service.askAll(null)).body);
  });

  it('tell in headers of a bulk answer what differs from call to call', async () => {
    const { headers } = await post('evaluate/bulk', { flag_keys: ['ff.a'] });
    expect(headers).toMatchObject({
      'ptt-cache': 'uncached',
      'ptt-replica': 'ff-1',
      'ptt-evaluated-at': '2026-01-01T00:00:00.000Z',
      'ptt-correlation-id': 'c-1',
      'ptt-warning': 'cache_unavailable, second',
    });
  });

  it.each([
    ['evaluate', { flag_key: 'ff.a' }],
    ['evaluate/bulk', {}],
  ])('need the scope to read: %s', async (path, body) => {
    tokens.scopes = new Set<Scope>();
    expect((await post(path, body)).json()).toMatchObject({ status: 403, code: 'insufficient_scope' });
  });
});
