import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { throwError, type Observable } from 'rxjs';
import type { Log } from '../telemetry/log.ts';
import { CORRELATION_HEADER } from './correlation.ts';
import { toPttError } from './foreign-error.ts';
import { PROBLEM_TYPE, problemOf } from './problem.ts';

/** Answers a request with the problem that tells of what was thrown, and logs what is ours. */
export function answerProblem(thrown: unknown, request: FastifyRequest, reply: FastifyReply, log: Log): void {
  const error = toPttError(thrown);
  const { status, headers, body } = problemOf(error, request.id);
  const fields = { correlation_id: request.id, code: error.code, method: request.method };
  if (status >= 500) {
    const err: unknown = error.code === 'internal' ? (error.cause ?? error) : error;
    log.write(error.code === 'internal' ? 'error' : 'warn', 'a request failed', {
      ...fields,
      route: routeOf(request),
      err,
    });
  } else {
    log.debug('a request was refused', { ...fields, detail: error.message });
  }
  if (reply.sent || reply.raw.headersSent) {
    // The answer is on its way already; its connection is all that can still say that it is broken.
    reply.raw.destroy();
    return;
  }
  void reply
    .code(status)
    .headers({ ...headers, [CORRELATION_HEADER]: request.id, 'Content-Type': PROBLEM_TYPE })
    .send(JSON.stringify(body));
}

/** The route's pattern, never the path itself: paths hold ids. */
function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? 'none';
}

/** The one exception filter: for HTTP a problem, for anything else the error as it is. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(thrown: unknown, host: ArgumentsHost): Observable<never> | undefined {
    if (host.getType() !== 'http') return throwError(() => thrown);
    const http = host.switchToHttp();
    answerProblem(thrown, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), this.log);
    return undefined;
  }
}
