import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BadRequestException } from '@nestjs/common';
import { PttError } from '#libs/kernel';
import type { HttpApp } from './http-app.ts';
import { log, refused, send, startNotes, thrown, type Problem } from './testing/notes-app.ts';

let app: HttpApp;

beforeAll(async () => {
  app = await startNotes();
});

afterAll(() => app.close());

describe('what a route throws', () => {
  const answerTo = (error: unknown): Promise<Problem> => {
    thrown.next = error;
    return refused(app, 'GET', '/v1/throw');
  };

  it('is told by its code, with what belongs to it', async () => {
    const error = new PttError('ingest_gap', {
      detail: 'send 5 first',
      pointer: '#/a',
      extensions: { expected_sequence: 5 },
    });
    expect(await answerTo(error)).toMatchObject({
      status: 409,
      title: 'The records do not continue the chain',
      detail: 'send 5 first',
      pointer: '#/a',
      expected_sequence: 5,
    });
  });

  it('names fields by URI fragments, however the rule that refused named them', async () => {
    const faults = [
      { pointer: '/a/b', detail: 'x' },
      { pointer: '', detail: 'y' },
      { pointer: '#/c', detail: 'z' },
    ];
    expect(await answerTo(new PttError('registry_invalid', { detail: 'x', pointer: '/a/b', faults }))).toMatchObject({
      pointer: '#/a/b',
      faults: [{ pointer: '#/a/b' }, { pointer: '#' }, { pointer: '#/c' }],
    });
  });

  it('never lets an extension speak for the problem itself', async () => {
    const error = new PttError('bad_request', { detail: 'x', extensions: { status: 200, code: 'fine' } });
    expect(await answerTo(error)).toMatchObject({ status: 400, code: 'bad_request' });
  });

  it.each([new Error('secret of ours'), 'a text', null, new RangeError('Maximum call stack size exceeded')])(
    'is an error of our own: %s',
    async (error) => {
      const answer = await answerTo(error);
      expect(answer).toMatchObject({ status: 500, code: 'internal' });
      expect(JSON.stringify(answer)).not.toContain('secret');
    },
  );

  it('is logged once when it is ours, with the correlation id, and not as an error when it is the caller’s', async () => {
    log.lines.length = 0;
    const error = new Error('it broke');
    const { correlation_id } = await answerTo(error);
    await answerTo(new PttError('flag_not_found', { detail: 'no such flag' }));
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([
      {
        level: 'error',
        message: 'a request failed',
        fields: expect.objectContaining({ correlation_id, err: error, route: '/v1/throw' }),
      },
    ]);
  });

  it('carries the headers of its status', async () => {
    const headersOf = async (error: PttError): Promise<Readonly<Record<string, unknown>>> => {
      thrown.next = error;
      return (await send(app, 'GET', '/v1/throw')).headers;
    };
    const detail = 'x';
    expect((await headersOf(new PttError('token_missing', { detail })))['www-authenticate']).toBe('Bearer realm="ptt"');
    expect((await headersOf(new PttError('token_invalid', { detail })))['www-authenticate']).toBe(
      'Bearer realm="ptt", error="invalid_token"',
    );
    expect(
      (await headersOf(new PttError('insufficient_scope', { detail, extensions: { scope: 'ff:read' } })))[
        'www-authenticate'
      ],
    ).toBe('Bearer realm="ptt", error="insufficient_scope", scope="ff:read"');
    expect((await headersOf(new PttError('store_overloaded', { detail })))['retry-after']).toBe('1');
    expect(
      (await headersOf(new PttError('too_many_requests', { detail, extensions: { retry_after_s: 2.1 } })))[
        'retry-after'
      ],
    ).toBe('3');
    expect(await headersOf(new PttError('flag_not_found', { detail }))).not.toHaveProperty('retry-after');
  });

  it('is read by its status when it is Nest’s', async () => {
    expect(await answerTo(new BadRequestException('no'))).toMatchObject({ status: 400, code: 'bad_request' });
  });

  it('names fifty faults at most, and how many more there are', async () => {
    const faults = Array.from({ length: 53 }, (_, at) => ({ pointer: `#/${String(at)}`, detail: 'x' }));
    const answer = await answerTo(new PttError('registry_invalid', { detail: 'many', faults }));
    expect(answer['faults']).toEqual(faults.slice(0, 50));
    expect(answer['faults_left_out']).toBe(3);
  });

  it('is no echo of a megabyte', async () => {
    const answer = await refused(app, 'POST', '/v1/ask', JSON.stringify({ flag_key: 'a', ['k'.repeat(500_000)]: 1 }));
    expect(JSON.stringify(answer).length).toBeLessThan(4_000);
  });
});
