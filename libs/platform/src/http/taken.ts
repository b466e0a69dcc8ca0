import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { RouteOptions } from 'fastify';
import { isRecord } from '#libs/kernel';

/** What of a request a route's handler looks at. */
export interface Taken {
  readonly query: boolean;
  readonly body: boolean;
}

const NO_BODY = { type: 'null' } as const;
const NO_QUERY = { type: 'object', additionalProperties: false } as const;
const WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'HEAD', 'TRACE']);

/**
 * Notes whether the method has a parameter for the query and one for the body, so that `refuseWhatIsNotTaken` can refuse
 * either where nobody looks: who sends `?dry_run=true` to a route that knows no such thing believes that it counts.
 * Nest has applied the decorators of the parameters by the time those of the method run.
 */
export function NotesWhatIsTaken(): MethodDecorator {
  return (target, key, descriptor) => {
    const parameters: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, target.constructor, key);
    const kinds = Object.keys(isRecord(parameters) ? parameters : {});
    const has = (kind: RouteParamtypes): boolean => kinds.some((one) => one.startsWith(`${String(kind)}:`));
    const taken: Taken = { query: has(RouteParamtypes.QUERY), body: has(RouteParamtypes.BODY) };
    RouteConfig({ taken })(target, key, descriptor);
  };
}

/** Gives a route without a query or a body of its own the schema of none, as it is registered. */
export function refuseWhatIsNotTaken(route: RouteOptions): void {
  const config: unknown = route.config;
  const taken = isRecord(config) ? config['taken'] : undefined;
  if (!isRecord(taken)) return;
  const canHaveBody = !(Array.isArray(route.method) ? route.method : [route.method]).some((method) =>
    WITHOUT_BODY.has(method.toUpperCase()),
  );
  route.schema = {
    ...route.schema,
    ...(taken['query'] === false ? { querystring: NO_QUERY } : {}),
    ...(taken['body'] === false && canHaveBody ? { body: NO_BODY } : {}),
  };
}
