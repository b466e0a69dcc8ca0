import { applyDecorators, type InjectionToken } from '@nestjs/common';
import {
  EXCEPTION_FILTERS_METADATA,
  GUARDS_METADATA,
  INTERCEPTORS_METADATA,
  PIPES_METADATA,
} from '@nestjs/common/constants.js';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { invariant, isRecord } from '#libs/kernel';
import { JsonRoute, type JsonRouteShape } from './json-route.ts';
import type { Taken } from './taken.ts';

/** What Nest would have run around a handler. */
const ENHANCERS = [GUARDS_METADATA, PIPES_METADATA, INTERCEPTORS_METADATA, EXCEPTION_FILTERS_METADATA];
const ONLY_A_BODY: Taken = { query: false, body: true };

interface Handling {
  /** A method, so that a handler may name the type of the body that its schema has let through. */
  handle(request: FastifyRequest, reply: FastifyReply): unknown;
}

/** A handler and the class whose instance it is called on. */
class HotHandler {
  constructor(
    readonly controller: Extract<InjectionToken, object>,
    readonly handle: Handling['handle'],
  ) {}
}

/**
 * A `JsonRoute` without a parameter decorator, whose handler Fastify calls by itself with request and reply, and which
 * answers by `sendJson`, as the last thing that it does. Nest's way to a handler has nothing to do where there is no
 * pipe, guard, interceptor or filter, and takes a tenth of a request's processor time. What is thrown goes the way of
 * all errors, unless an answer was sent before: then nobody is told.
 */
export function HotRoute(shape: Omit<JsonRouteShape, 'status'>) {
  return <Handler extends Handling['handle']>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<Handler>,
  ): void => {
    const { value } = descriptor;
    const hot = value === undefined ? undefined : new HotHandler(target.constructor, value);
    applyDecorators(JsonRoute(shape), RouteConfig({ taken: ONLY_A_BODY, hot }))(target, key, descriptor);
  };
}

/** Gives a hot route its handler, as it is registered. `find` gives the controller, once there are requests. */
export function handleHot(route: RouteOptions, find: (controller: InjectionToken) => unknown): void {
  const config: unknown = route.config;
  const hot = isRecord(config) ? config['hot'] : undefined;
  if (!(hot instanceof HotHandler)) return;
  for (const enhancer of ENHANCERS) {
    const isThere = [hot.controller, hot.handle].some((place) => Reflect.hasMetadata(enhancer, place));
    invariant(!isThere, `a hot route runs no enhancer, and ${route.url} has ${enhancer}`);
  }
  let controller: unknown;
  route.handler = (request, reply) => {
    controller ??= find(hot.controller);
    return hot.handle.call(controller, request, reply);
  };
}
