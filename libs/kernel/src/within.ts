import type { Scheduler } from './clock.ts';

/**
 * The call's outcome, or what `late` gives once its time is up: then the call goes on, and nobody waits for it.
 * @param limitMs milliseconds
 */
export async function within<T>(
  scheduler: Scheduler,
  limitMs: number,
  call: () => Promise<T>,
  late: () => Error,
): Promise<T> {
  const expired = Promise.withResolvers<never>();
  const cancel = scheduler.after(limitMs, () => expired.reject(late()));
  try {
    return await Promise.race([call(), expired.promise]);
  } finally {
    cancel();
  }
}
