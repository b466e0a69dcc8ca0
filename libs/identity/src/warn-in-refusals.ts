import type { FastifyInstance } from 'fastify';
import { WARNING_HEADER } from './authenticate.guard.ts';
import type { TokenReader } from './token-reader.ts';

/**
 * Has every refusal carry the warnings of the verification mode, also those that no guard saw: a path that is none, a
 * body that was not read. A mode that warns of nothing pays nothing.
 */
export function warnInRefusals(fastify: FastifyInstance, { warnings }: Pick<TokenReader, 'warnings'>): void {
  if (warnings.length === 0) return;
  const text = warnings.join(', ');
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (reply.statusCode >= 400) reply.header(WARNING_HEADER, text);
    done(null, payload);
  });
}
