import { ERROR_TYPE_BASE, ERRORS } from '#libs/contracts';
import { LIMITS, type JsonObject, type JsonValue, type PttError } from '#libs/kernel';

/** What goes out for an error: RFC 9457 problem details, and the headers that belong to its code. */
export interface ProblemAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** Details quote what came in; an answer is not an echo. */
const DETAIL_LENGTH = 2_000;
const POINTER_LENGTH = 512;

/** The problem that tells of an error. It holds the error's own words only: no cause, no stack. */
export function problemOf(error: PttError, correlationId: string): ProblemAnswer {
  const { status, title } = ERRORS[error.code];
  const faults = error.faults.slice(0, LIMITS.faultsPerAnswer).map(({ pointer, detail }) => ({
    pointer: fragment(pointer),
    detail: cut(detail, DETAIL_LENGTH),
  }));
  const left = error.faults.length - faults.length;
  return {
    status,
    headers: headersOf(error, status),
    body: {
      ...error.extensions,
      type: `${ERROR_TYPE_BASE}${error.code}`,
      title,
      status,
      code: error.code,
      detail: cut(error.message, DETAIL_LENGTH),
      ...(error.pointer === null ? {} : { pointer: fragment(error.pointer) }),
      ...(faults.length === 0 ? {} : { faults }),
      ...(left > 0 ? { faults_left_out: left } : {}),
      correlation_id: correlationId,
    },
  };
}

/** Rules name a field of a body by its bare pointer; callers always get the URI fragment. */
function fragment(pointer: string): string {
  return cut(pointer.startsWith('#') ? pointer : `#${pointer}`, POINTER_LENGTH);
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

function headersOf({ code, extensions }: PttError, status: number): Record<string, string> {
  const headers: Record<string, string> = {};
  // RFC 6750: no error code where no token was sent.
  if (code === 'token_missing') headers['WWW-Authenticate'] = 'Bearer realm="ptt"';
  else if (status === 401) headers['WWW-Authenticate'] = 'Bearer realm="ptt", error="invalid_token"';
  else if (code === 'insufficient_scope') headers['WWW-Authenticate'] = insufficientScope(extensions['scope']);
  if (status === 429 || status === 503) headers['Retry-After'] = retryAfter(extensions['retry_after_s']);
  const allow = extensions['allow'];
  if (status === 405 && Array.isArray(allow)) headers['Allow'] = allow.join(', ');
  return headers;
}

function insufficientScope(scope: JsonValue | undefined): string {
  const named = typeof scope === 'string' ? `, scope="${scope}"` : '';
  return `Bearer realm="ptt", error="insufficient_scope"${named}`;
}

/** Whole seconds; 1 where the error knows no better. */
function retryAfter(seconds: JsonValue | undefined): string {
  return String(typeof seconds === 'number' ? Math.max(1, Math.ceil(seconds)) : 1);
}
