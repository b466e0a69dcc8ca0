import { HttpException } from '@nestjs/common';
import { isRecord, LIMITS, PttError, type ErrorCode } from '#libs/kernel';

interface Wording {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly pointer?: string;
}

/** What Fastify refuses by itself, in our words. */
const FASTIFY: Readonly<Record<string, Wording>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: 'body_too_large',
    detail: `a body has at most ${String(LIMITS.bodyBytes)} bytes; send less at once`,
    pointer: '#',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'unsupported_media_type',
    detail: 'the body must be JSON in UTF-8; send Content-Type: application/json',
    pointer: '#/header/Content-Type',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'bad_request',
    detail: 'the body has another length than Content-Length says',
    pointer: '#/header/Content-Length',
  },
  FST_ERR_BAD_URL: { code: 'bad_request', detail: 'the path is not validly percent-encoded UTF-8', pointer: '#/path' },
  FST_ERR_MAX_PARAM_LENGTH: { code: 'invalid_field', detail: 'a part of the path is too long', pointer: '#/path' },
};

/** What any library below may answer with by its status alone. */
const BY_STATUS: Readonly<Record<number, Wording>> = {
  401: { code: 'token_invalid', detail: 'the bearer token was refused' },
  404: { code: 'route_not_found', detail: 'there is nothing at this path; /docs lists every route', pointer: '#/path' },
  408: { code: 'request_timeout', detail: 'the request did not arrive in time' },
  413: { code: 'body_too_large', detail: 'the body is too large' },
  415: { code: 'unsupported_media_type', detail: 'the media type is not taken here' },
  429: { code: 'too_many_requests', detail: 'too many requests at once; come back later' },
  431: { code: 'headers_too_large', detail: 'the headers are too large' },
  503: { code: 'not_ready', detail: 'the service cannot answer now; come back later' },
};

/**
 * Anything that was thrown, as an error for callers. What nobody foresaw becomes `internal`,
 * with the original as its cause, for the log alone.
 */
export function toPttError(thrown: unknown): PttError {
  if (thrown instanceof PttError) return thrown;
  const below: unknown = thrown instanceof HttpException ? (thrown.cause ?? thrown) : thrown;
  if (below instanceof PttError) return below;
  const wording = fastifyWording(below) ?? statusWording(thrown);
  if (wording === null) {
    const detail = 'something went wrong on our side; the correlation id finds it in the log';
    return new PttError('internal', { detail, cause: thrown });
  }
  const { code, ...details } = wording;
  return new PttError(code, { ...details, cause: thrown });
}

function fastifyWording(thrown: unknown): Wording | null {
  const code = isRecord(thrown) ? thrown['code'] : undefined;
  return typeof code === 'string' && Object.hasOwn(FASTIFY, code) ? (FASTIFY[code] ?? null) : null;
}

/** By the status of a 4xx or 503; other 5xx are ours, whoever threw them. */
function statusWording(thrown: unknown): Wording | null {
  const status =
    thrown instanceof HttpException ? thrown.getStatus() : isRecord(thrown) ? thrown['statusCode'] : undefined;
  if (typeof status !== 'number') return null;
  const exact = BY_STATUS[status];
  if (exact !== undefined) return exact;
  return status >= 400 && status < 500 ? { code: 'bad_request', detail: 'the request cannot be read' } : null;
}
