import { createParamDecorator, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PttError, type Origin } from '#libs/kernel';
import { TokenReader, type Caller } from './token-reader.ts';

/** Where the warnings stand in answers whose body has no `warnings`. */
export const WARNING_HEADER = 'PTT-Warning';

const callers = new WeakMap<object, Caller>();

/** Reads the token of every request but those to the hot path, which reads its own. Scopes are checked further in. */
@Injectable()
export class Authenticate implements CanActivate {
  constructor(private readonly tokens: TokenReader) {}

  /** @throws PttError `token_missing`, `token_invalid`, `issuer_unavailable` */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const caller = await this.tokens.read(request.headers.authorization);
    callers.set(request, caller);
    if (caller.warnings.length > 0) http.getResponse<FastifyReply>().header(WARNING_HEADER, caller.warnings.join(', '));
    return true;
  }
}

/** Who asks and which request it is: `@By() origin: Origin`. Only behind `Authenticate`. */
export const By = createParamDecorator((_: undefined, context: ExecutionContext): Origin => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const caller = callers.get(request);
  if (caller === undefined) throw new PttError('internal', { detail: 'An error of our own.' });
  return { actor: caller.actor, trace: { correlationId: request.id } };
});
