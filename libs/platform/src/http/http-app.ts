import type { IncomingMessage, Server } from 'node:http';
import type { DynamicModule, InjectionToken, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyHttpOptions, FastifyInstance, FastifyRequest } from 'fastify';
import { isRecord, LIMITS, PttError, type Clock, type Ids, type Scheduler } from '#libs/kernel';
import { formatListenAddress, type ListenAddress } from '../config/address.ts';
import type { Log } from '../telemetry/log.ts';
import { NestLog } from '../telemetry/nest-log.ts';
import { answerClientError, answerExpectation } from './client-error.ts';
import { schemaCompiler } from './compiled-schemas.ts';
import { CORRELATION_HEADER, correlationIdOf } from './correlation.ts';
import { serveDocs, type DocsOptions } from './docs.ts';
import { handleHot } from './hot-route.ts';
import { parseJsonBody } from './json-body.ts';
import { requirePlainJson } from './media-type.ts';
import { checkPathIds, ENCODED_ID_LENGTH } from './path-ids.ts';
import { answerProblem, ProblemFilter } from './problem-filter.ts';
import { RouteTable } from './route-table.ts';
import { schemaFault } from './schema-faults.ts';
import { refuseWhatIsNotTaken } from './taken.ts';

/** A request must have arrived whole by then; an honest one of 1 MB takes a second on a slow line. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than the idle time of common load balancers (60 s), so that it is they who close. */
const KEEP_ALIVE_MS = 72_000;
/** How long requests under way may take to end once the app closes, and how often idle connections are looked for. */
const DRAIN_MS = 10_000;
const DRAIN_LOOK_MS = 25;

export interface HttpAppOptions {
  readonly log: Log;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly ids: Ids;
  /** Served under `/docs`; not at all when not given. */
  readonly docs?: DocsOptions;
}

/** What the hooks of a server and its owner share. */
interface Door {
  /** From then on every answer tells its connection to end. */
  isClosing: boolean;
}

/** A Nest application over Fastify that answers every error as a problem. */
export class HttpApp {
  readonly nest: NestFastifyApplication;
  readonly #scheduler: Scheduler;
  readonly #door: Door;

  constructor(nest: NestFastifyApplication, scheduler: Scheduler, door: Door) {
    this.nest = nest;
    this.#scheduler = scheduler;
    this.#door = door;
  }

  get fastify(): FastifyInstance {
    return this.nest.getHttpAdapter().getInstance();
  }

  /** Everything but listening: for tests with `inject`, and before `listen`. */
  async ready(): Promise<this> {
    await this.nest.init();
    await this.fastify.ready();
    return this;
  }

  /**
   * Listens, and says where: with port 0 the operating system chose.
   * @param variable names the setting to change when the address cannot be had
   * @throws PttError `port_in_use`, or `config_invalid` for an address that is not this machine's
   */
  async listen(address: ListenAddress, variable: string): Promise<ListenAddress> {
    await this.ready();
    try {
      // Not by Nest, which would log the error that the caller is told of in words.
      await this.fastify.listen({ host: address.host, port: address.port });
    } catch (error) {
      throw listenError(error, address, variable);
    }
    const bound = this.nest.getHttpServer().address();
    return isRecord(bound) && typeof bound['port'] === 'number' ? { host: address.host, port: bound['port'] } : address;
  }

  /** Takes no more requests and lets those under way end (10 s at most). What they stood on still stands. */
  async drain(): Promise<void> {
    const server = this.nest.getHttpServer();
    this.#door.isClosing = true;
    if (server.listening) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const cancelLooking = this.#scheduler.every(DRAIN_LOOK_MS, () => server.closeIdleConnections());
      const cancelWaiting = this.#scheduler.after(DRAIN_MS, () => server.closeAllConnections());
      server.closeIdleConnections();
      await closed;
      cancelLooking();
      cancelWaiting();
    }
  }

  /** Drains, then closes what the requests stood on. */
  async close(): Promise<void> {
    await this.drain();
    await this.nest.close();
  }
}

/** Makes the application; nothing listens yet. `module` provides everything else. */
export async function createHttpApp(module: Type<unknown> | DynamicModule, options: HttpAppOptions): Promise<HttpApp> {
  const { log, clock, ids, scheduler, docs } = options;
  const adapter = fastifyAdapter(options);
  const door: Door = { isClosing: false };
  // Found once there are requests, when the application stands.
  prepare(adapter.getInstance(), door, (controller) => nest.get(controller, { strict: false }));
  const nest = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: new NestLog(log),
    bodyParser: false,
    // Whoever starts the app says what went wrong; Nest would end the process.
    abortOnError: false,
    routeConflictPolicy: { duplicate: 'error', shadow: 'error' },
  });
  nest.useGlobalFilters(new ProblemFilter(log));
  nest.getHttpServer().on('checkExpectation', (request: IncomingMessage, response) => {
    answerExpectation(request, response, correlationIdOf(request.headers, ids, clock));
  });
  if (docs !== undefined) serveDocs(nest, docs);
  return new HttpApp(nest, scheduler, door);
}

function fastifyAdapter({ log, clock, ids }: HttpAppOptions): FastifyAdapter {
  const options: FastifyHttpOptions<Server> = {
    logger: false,
    bodyLimit: LIMITS.bodyBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // A request that was let in is answered like any other, also while the app closes.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: ENCODED_ID_LENGTH },
    // Node would refuse a request without Host with an empty body; `prepare` does it in words.
    http: { requireHostHeader: false },
    genReqId: (request) => correlationIdOf(request.headers, ids, clock),
    frameworkErrors: (error, request, reply) => answerProblem(error, request, reply, log),
    clientErrorHandler: (error, socket) => answerClientError(error, socket, ids.uuidV7(clock.now())),
    schemaErrorFormatter: schemaFault,
  };
  return new FastifyAdapter(options);
}

/** Everything that must be in place before the first route. */
function prepare(fastify: FastifyInstance, door: Door, find: (controller: InjectionToken) => unknown): void {
  const routes = new RouteTable();
  const compile = schemaCompiler();
  fastify.setValidatorCompiler(({ schema }) => compile(isRecord(schema) ? schema : {}));
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    requirePlainJson(request.headers);
    done(null, parseJsonBody(typeof bytes === 'string' ? Buffer.from(bytes) : bytes));
  });
  fastify.addHook('onRoute', (route) => {
    routes.add(route.method, route.url);
    refuseWhatIsNotTaken(route);
    handleHot(route, find);
    if (!route.url.includes(':')) return;
    const own = route.preValidation ?? [];
    route.preValidation = [
      (request, _reply, done) => {
        checkPathIds(isRecord(request.params) ? textsOf(request.params) : {});
        done();
      },
      ...(Array.isArray(own) ? own : [own]),
    ];
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header(CORRELATION_HEADER, request.id);
    done(request.is404 ? notFound(request, routes) : hostFault(request));
  });
  // Not when the request comes: those under way when the app closes came before.
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (door.isClosing) reply.header('Connection', 'close');
    done(null, payload);
  });
}

function textsOf(params: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? value : '']),
  );
}

/** RFC 9112: an HTTP/1.1 request without Host is a bad one. */
function hostFault({ headers, raw }: FastifyRequest): PttError | undefined {
  if (headers.host !== undefined || raw.httpVersion !== '1.1') return undefined;
  return new PttError('bad_request', { detail: 'HTTP/1.1 needs a Host header', pointer: '#/header/Host' });
}

function notFound({ url, method }: FastifyRequest, routes: RouteTable): PttError {
  const allow = routes.methodsOf(url.split(/[?#]/, 1).join());
  if (allow.length === 0) {
    return new PttError('route_not_found', {
      detail: 'there is nothing at this path; /docs lists every route',
      pointer: '#/path',
    });
  }
  return new PttError('method_not_allowed', {
    detail: `${method} is not taken here; ${allow.join(', ')} ${allow.length === 1 ? 'is' : 'are'}`,
    extensions: { allow },
  });
}

function listenError(error: unknown, address: ListenAddress, variable: string): unknown {
  const code = isRecord(error) ? error['code'] : undefined;
  const where = formatListenAddress(address);
  const pointer = `#/env/${variable}`;
  if (code === 'EADDRINUSE') {
    const detail = `${where} is already in use; stop what listens there, or set ${variable} to another address`;
    return new PttError('port_in_use', { detail, pointer, cause: error });
  }
  if (code === 'EADDRNOTAVAIL' || code === 'EACCES' || code === 'ENOTFOUND') {
    const detail = `${variable}: nothing can listen on ${where} (${code}); set another address`;
    return new PttError('config_invalid', { detail, pointer, faults: [{ pointer, detail }], cause: error });
  }
  return error;
}
