import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock, SeededRandom } from '#libs/platform/testing';
import { AdminRefused, AdminUnreachable, type Asker, type SensitiveCheck, ServiceToken } from './approval-check.ts';
import { Gate } from './gate.ts';
import { deniedBy } from './gate-decision.ts';
import { HttpApprovalCheck } from './http-approval-check.ts';
import { allowing, denying } from './testing/index.ts';

class OneToken extends ServiceToken {
  current(): Promise<string> {
    return Promise.resolve('service.token');
  }
}

const CHECKS: readonly SensitiveCheck[] = [
  { target_type: 'feature_flag', target_id: 'ff.a', matrix_row: 'row' },
  { target_type: 'feature_flag', target_id: 'ff.b', matrix_row: 'row' },
];
const ANSWERS = [allowing(), denying('approval_missing')];

function asker(subjectToken: string | null = 'subject.token', correlationId = 'corr-1'): Asker {
  const actor = { id: 'U-9', roles: [], scopes: new Set<string>(), tenants: null, verified: true, approvalRef: null };
  return { actor, subjectToken, correlationId };
}

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly port: number | undefined;
}

describe('asking Admin over HTTP', () => {
  let server: Server;
  let url = '';
  let received: Received[] = [];
  let answer: (response: ServerResponse) => void = () => undefined;
  const open = new AbortController().signal;

  beforeEach(async () => {
    received = [];
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method, url: path, headers, socket } = request;
        const body = Buffer.concat(chunks).toString('utf8');
        received.push({ method, url: path, headers, body, port: socket.remotePort });
        answer(response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const ask = (by = asker(), signal = open) => new HttpApprovalCheck(url, new OneToken()).ask(CHECKS, by, signal);
  const saying = (status: number, body: string | Buffer) => (response: ServerResponse) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body);
  };

  it('sends the checks with both tokens and reads the answers', async () => {
    answer = saying(200, JSON.stringify(ANSWERS));
    await expect(ask()).resolves.toEqual(ANSWERS);
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      method: 'POST',
      url: '/api/policy/sensitive.check.2b',
      headers: {
        'content-type': 'application/json',
        authorization: 'Bearer service.token',
        'ptt-subject-token': 'subject.token',
        'ptt-correlation-id': 'corr-1',
      },
    });
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({ checks: CHECKS });
  });

  it('sends no subject token where there is none, and minds no slashes at the end of the address', async () => {
    answer = saying(200, JSON.stringify(ANSWERS));
    await new HttpApprovalCheck(`${url}//`, new OneToken()).ask(CHECKS, asker(null), open);
    expect(received[0]?.headers).not.toHaveProperty('ptt-subject-token');
    expect(received[0]?.url).toBe('/api/policy/sensitive.check.2b');
  });

  it('keeps connections open between calls', async () => {
    answer = saying(200, JSON.stringify(ANSWERS));
    for (let n = 0; n < 10; n++) await ask();
    // Two, since a call may begin before the connection of the one before is free again.
    expect(new Set(received.map(({ port }) => port)).size).toBeLessThanOrEqual(2);
  });

  it.each([400, 401, 403, 404, 408, 409, 413, 422, 499])('takes %i for a refusal', async (status) => {
    answer = saying(status, '{"code":"token_invalid"}');
    await expect(ask()).rejects.toMatchObject({ name: 'AdminRefused', message: `Admin answered ${status}` });
  });

  it.each([201, 204, 429, 500, 502, 503, 504, 599])('takes %i for no answer', async (status) => {
    answer = saying(status, status === 204 ? '' : JSON.stringify(ANSWERS));
    await expect(ask()).rejects.toMatchObject({ name: 'AdminUnreachable', message: `Admin answered ${status}` });
  });

  it('does not follow a redirect with its tokens', async () => {
    answer = (response) => response.writeHead(307, { location: `${url}/elsewhere` }).end();
    await expect(ask()).rejects.not.toBeInstanceOf(AdminRefused);
    expect(received).toHaveLength(1);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '<html>'],
    ['half a body', JSON.stringify(ANSWERS).slice(0, -5)],
    ['no list', JSON.stringify(ANSWERS[0])],
    ['too few answers', JSON.stringify(ANSWERS.slice(1))],
    ['too many answers', JSON.stringify([...ANSWERS, ...ANSWERS])],
    ['null for an answer', JSON.stringify([ANSWERS[0], null])],
    ['an unknown decision', JSON.stringify([ANSWERS[0], { ...ANSWERS[1], decision: 'yes' }])],
    ['a decision that is true', JSON.stringify([ANSWERS[0], { ...ANSWERS[1], decision: true }])],
    ['an unknown ttl_state', JSON.stringify([ANSWERS[0], { ...ANSWERS[1], ttl_state: 'good' }])],
    ['a valid_for_ms that is text', JSON.stringify([{ ...ANSWERS[0], valid_for_ms: '9' }, ANSWERS[1]])],
    ['a negative valid_for_ms', JSON.stringify([{ ...ANSWERS[0], valid_for_ms: -1 }, ANSWERS[1]])],
    ['no meta', JSON.stringify([{ ...ANSWERS[0], meta: undefined }, ANSWERS[1]])],
    ['an approval_ref that is none', JSON.stringify([{ ...ANSWERS[0], approval_ref: 7 }, ANSWERS[1]])],
  ])('takes %s for no answer', async (_, body) => {
    answer = saying(200, body);
    await expect(ask()).rejects.toBeInstanceOf(AdminUnreachable);
  });

  it('takes bytes that are not UTF-8 for no answer', async () => {
    answer = saying(200, Buffer.from([0x5b, 0xff, 0x5d]));
    await expect(ask()).rejects.toMatchObject({
      name: 'AdminUnreachable',
      message: 'the body is not UTF-8',
    });
  });

  it('stops reading a body that has no end', async () => {
    let isClosed: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (isClosed = resolve));
    answer = (response) => {
      response.writeHead(200);
      const more = (): void => {
        while (response.writable && response.write(Buffer.alloc(65_536, 0x20)));
      };
      response.on('drain', more).on('close', isClosed);
      more();
    };
    await expect(ask()).rejects.toMatchObject({
      name: 'AdminUnreachable',
      message: 'the body has more than 262144 bytes',
    });
    await closed;
  });

  it('reads a body as long as allowed', async () => {
    const text = JSON.stringify(ANSWERS);
    answer = saying(200, text + ' '.repeat(262_144 - text.length));
    await expect(ask()).resolves.toEqual(ANSWERS);
    answer = saying(200, text + ' '.repeat(262_145 - text.length));
    await expect(ask()).rejects.toBeInstanceOf(AdminUnreachable);
  });

  it.each([
    ['token', asker('a\nb')],
    ['token', asker('snow \u2603')],
    ['correlation id', asker('token', 'a\r\nx: y')],
  ])('refuses a %s that no header can carry, and asks nothing', async (_, by) => {
    await expect(ask(by)).rejects.toMatchObject({
      name: 'AdminRefused',
      message: "the caller's token or correlation id does not fit into a header",
      cause: expect.anything(),
    });
    expect(received).toHaveLength(0);
  });

  it('rejects without a service token, and counts it', async () => {
    class NoToken extends ServiceToken {
      current(): Promise<string> {
        return Promise.reject(new Error('no token'));
      }
    }
    const asked = new HttpApprovalCheck(url, new NoToken()).ask(CHECKS, asker(), open);
    await expect(asked).rejects.toThrow('no token');
  });

  it('rejects when nobody listens', async () => {
    const gone = new HttpApprovalCheck(url, new OneToken());
    await new Promise((resolve) => server.close(resolve));
    await expect(gone.ask(CHECKS, asker(), open)).rejects.not.toBeInstanceOf(AdminRefused);
  });

  it.each([
    ['before it answers', () => undefined],
    ['in the middle of its answer', (response: ServerResponse) => void response.writeHead(200).write('[')],
  ])('gives up at 900 ms on an Admin that hangs %s', async (_, hang) => {
    const clock = new ManualClock();
    const asked = new Promise<void>((resolve) => {
      answer = (response) => {
        hang(response);
        resolve();
      };
    });
    const approvals = new HttpApprovalCheck(url, new OneToken());
    const ports = { approvals, clock, scheduler: clock, random: new SeededRandom(1), report: () => undefined };
    const gate = new Gate(ports, { reuseMs: 0 });
    const decisions = gate.check(CHECKS, asker());
    await asked;
    await clock.advance(900);
    await expect(decisions).resolves.toEqual([deniedBy('admin_unreachable'), deniedBy('admin_unreachable')]);
  });
});
