import { PttError, type Scheduler, within } from '#libs/kernel';
import { CACHE_LIMITS } from './namespaces.ts';

/**
 * What the store answers. Nobody waits for one that stalls: then it may answer what it will, and the next read begins anew.
 * @param leftMs what is left of the load's time, milliseconds
 * @throws PttError store_unavailable
 */
export function inTime<T>(loaded: T | Promise<T>, leftMs: number, scheduler: Scheduler): T | Promise<T> {
  if (!(loaded instanceof Promise)) return loaded;
  const late = (): PttError =>
    new PttError('store_unavailable', {
      detail: `The store did not answer within ${CACHE_LIMITS.loadMs} ms. Try again in a moment.`,
    });
  return within(scheduler, leftMs, () => loaded, late);
}
