import type { Scheduler } from './clock.ts';

/**
 * The call's outcome, or what `late` gives once its time is up: then the call goes on, and nobody waits for it.
 * @param limitMs milliseconds
 */
export function within<T>(
  scheduler: Scheduler,
  limitMs: number,
  call: () => Promise<T>,
  late: () => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    // First the call: one that fails before it has begun leaves no timer behind.
    const called = call();
    const cancel = scheduler.after(limitMs, () => reject(late()));
    const settle = (): void => {
      cancel();
      resolve(called);
    };
    called.then(settle, settle);
  });
}
