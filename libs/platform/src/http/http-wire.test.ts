import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, Param, Post } from '@nestjs/common';
import { invariant, isRecord } from '#libs/kernel';
import { NodeScheduler } from '#libs/platform';
import { CollectingLog, ManualClock, SequentialIds } from '#libs/platform/testing';
import { createHttpApp, type HttpApp } from './http-app.ts';

@Controller()
class WireController {
  @Get('at/:id')
  at(@Param('id') id: string): unknown {
    return { id };
  }

  @Post('echo')
  echo(@Body() body: unknown): unknown {
    return { body };
  }
}

@Module({ controllers: [WireController] })
class WireModule {}

const LOOPBACK = { host: '127.0.0.1', port: 0 };
const apps: HttpApp[] = [];

async function create(log = new CollectingLog()): Promise<HttpApp> {
  const [clock, scheduler] = [new ManualClock(), new NodeScheduler()];
  const app = await createHttpApp(WireModule, { log, clock, scheduler, ids: new SequentialIds() });
  apps.push(app);
  return app;
}

/** @returns the port on which a new application listens */
async function start(): Promise<number> {
  const { port } = await (await create()).listen(LOOPBACK, 'PTT_FF_LISTEN');
  return port;
}

afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

/** Writes bytes to a new connection and gives everything that came back until the other side closed it. */
async function exchange(
  port: number,
  bytes: string,
): Promise<{ readonly head: string; readonly problem: Readonly<Record<string, unknown>> }> {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('utf8');
  let received = '';
  socket.on('data', (chunk: string) => (received += chunk));
  socket.on('error', () => undefined);
  socket.write(bytes);
  await once(socket, 'close');
  const [head = '', ...rest] = received.split('\r\n\r\n');
  const problem: unknown = JSON.parse(rest.join('\r\n\r\n'));
  invariant(isRecord(problem), 'a problem is an object');
  return { head, problem };
}

describe('bytes on the wire', () => {
  it.each([
    ['no HTTP', 'hello\r\n\r\n', 'HTTP/1.1 400 Bad Request', 'bad_request'],
    ['a method nobody knows', 'FETCH / HTTP/1.1\r\nHost: a\r\n\r\n', 'HTTP/1.1 400 Bad Request', 'bad_request'],
    [
      'headers without end',
      `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      'HTTP/1.1 431 Request Header Fields Too Large',
      'headers_too_large',
    ],
    [
      'two lengths',
      'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}',
      'HTTP/1.1 400 Bad Request',
      'bad_request',
    ],
    [
      'a length and chunks',
      'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'HTTP/1.1 400 Bad Request',
      'bad_request',
    ],
    ['no Host', 'GET /at/1 HTTP/1.1\r\nConnection: close\r\n\r\n', 'HTTP/1.1 400 Bad Request', 'bad_request'],
    [
      'an expectation nobody meets',
      'GET /at/1 HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nConnection: close\r\n\r\n',
      'HTTP/1.1 400 Bad Request',
      'bad_request',
    ],
    [
      'a step up in a path',
      'GET /at/%2e%2e HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
      'HTTP/1.1 400 Bad Request',
      'invalid_field',
    ],
    [
      'a step nowhere',
      'GET /at/. HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
      'HTTP/1.1 400 Bad Request',
      'invalid_field',
    ],
    [
      'no path at all',
      'GET at/1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
      'HTTP/1.1 400 Bad Request',
      'bad_request',
    ],
    [
      'a star',
      'OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
      'HTTP/1.1 404 Not Found',
      'route_not_found',
    ],
    [
      'a method of WebDAV',
      'PROPFIND /at/1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
      'HTTP/1.1 405 Method Not Allowed',
      'method_not_allowed',
    ],
  ])('are answered with a problem: %s', async (_what, bytes, status, code) => {
    const port = await start();
    const { head, problem } = await exchange(port, bytes);
    expect(head.split('\r\n')[0]).toBe(status);
    expect(head).toMatch(/\r\ncontent-type: application\/problem\+json; charset=utf-8/i);
    expect(problem['correlation_id']).toBe(/\r\nptt-correlation-id: (.*)\r\n/i.exec(head)?.[1]);
    expect(problem).toMatchObject({ code, type: `urn:ptt:error:${code}` });
  });
});

describe('listening', () => {
  it('says which port was chosen', async () => {
    const port = await start();
    const { head } = await exchange(port, 'GET /at/7 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  it('names an address that is in use, and the variable to set, and logs nothing beside', async () => {
    const port = await start();
    const log = new CollectingLog();
    const app = await create(log);
    await expect(app.listen({ host: '127.0.0.1', port }, 'PTT_FF_LISTEN')).rejects.toMatchObject({
      code: 'port_in_use',
      pointer: '#/env/PTT_FF_LISTEN',
      message: `127.0.0.1:${String(port)} is already in use; stop what listens there, or set PTT_FF_LISTEN to another address`,
    });
    expect(log.messages('error')).toEqual([]);
  });

  it('names an address that is not this machine’s', async () => {
    const app = await create();
    await expect(app.listen({ host: '192.0.2.1', port: 0 }, 'PTT_ADMIN_LISTEN')).rejects.toMatchObject({
      code: 'config_invalid',
      pointer: '#/env/PTT_ADMIN_LISTEN',
    });
  });
});
