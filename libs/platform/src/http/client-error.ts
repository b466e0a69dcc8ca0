import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { PttError, type ErrorCode } from '#libs/kernel';
import { CORRELATION_HEADER } from './correlation.ts';
import { PROBLEM_TYPE, problemOf } from './problem.ts';

const BY_CODE: Readonly<Record<string, readonly [code: ErrorCode, detail: string]>> = {
  HPE_HEADER_OVERFLOW: ['headers_too_large', 'the request line and headers have at most 16 kB together'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'the request did not arrive in time; send it in one go'],
};

/** Answers what is no HTTP, or no whole request: there is no route, no reply object, only the socket. */
export function answerClientError(error: Error, socket: Socket, correlationId: string): void {
  if (!socket.writable || codeOf(error) === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [code, detail] = BY_CODE[codeOf(error)] ?? ['bad_request', 'this is no HTTP/1.1 request'];
  const { status, headers, body } = problemOf(new PttError(code, { detail }), correlationId);
  const text = JSON.stringify(body);
  const head = Object.entries({
    ...headers,
    'Content-Type': PROBLEM_TYPE,
    'Content-Length': String(Buffer.byteLength(text)),
    [CORRELATION_HEADER]: correlationId,
    Connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}\r\n${head.join('')}\r\n${text}`, () =>
    socket.destroy(),
  );
}

/** Answers an expectation other than 100-continue, which Node would refuse with no words at all. */
export function answerExpectation(_request: IncomingMessage, response: ServerResponse, correlationId: string): void {
  const detail = 'the only expectation that is met here is 100-continue; leave Expect out';
  const { status, headers, body } = problemOf(
    new PttError('bad_request', { detail, pointer: '#/header/Expect' }),
    correlationId,
  );
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...headers,
    'Content-Type': PROBLEM_TYPE,
    'Content-Length': Buffer.byteLength(text),
    [CORRELATION_HEADER]: correlationId,
    Connection: 'close',
  });
  response.end(text);
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
