import { afterEach, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { DecodeOnlyTokens } from './decode-only-tokens.ts';
import { warnInRefusals } from './warn-in-refusals.ts';

describe('refusals', () => {
  let app: FastifyInstance;

  afterEach(() => app.close());

  function serve(warnings: readonly string[]): void {
    app = fastify();
    warnInRefusals(app, { warnings });
    app.get('/fine', () => ({ warnings: [] }));
    app.get('/refused', (_request, reply) => reply.code(400).send({}));
  }

  it('carry the warnings of the mode, and successes do not: they have warnings of their own', async () => {
    serve([...new DecodeOnlyTokens().warnings, 'another']);
    const headers = await Promise.all(
      ['/refused', '/nothing', '/fine'].map(async (url) => (await app.inject({ url })).headers['ptt-warning']),
    );
    expect(headers).toEqual(['auth_not_verified, another', 'auth_not_verified, another', undefined]);
  });

  it('carry none where the mode has none', async () => {
    serve([]);
    expect((await app.inject({ url: '/refused' })).headers).not.toHaveProperty('ptt-warning');
  });
});
