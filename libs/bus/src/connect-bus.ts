import { Catch, type INestApplication, type RpcExceptionFilter } from '@nestjs/common';
import { NestMicroservice } from '@nestjs/microservices';
import { type Observable, throwError } from 'rxjs';
import { invariant } from '#libs/kernel';
import type { BusServer } from './server.ts';

/** Hands a handler's error on as it is: Nest's own filter would make every one an "Internal server error". */
@Catch()
class AsItIs implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/**
 * Adds the bus to an application, before `startAllMicroservices()`. Filters, pipes and guards of HTTP stay out of it.
 */
export function connectBus(app: INestApplication, server: BusServer): NestMicroservice {
  // Handlers take the filters that are there when they are registered, so that waits until the filter is set;
  // the hooks of start-up are the application's own and must not run a second time.
  const microservice = app.connectMicroservice({ strategy: server }, { deferInitialization: true });
  invariant(microservice instanceof NestMicroservice, 'a connected microservice is a NestMicroservice');
  microservice.setIsInitHookCalled(true);
  microservice.useGlobalFilters(new AsItIs());
  return microservice;
}
