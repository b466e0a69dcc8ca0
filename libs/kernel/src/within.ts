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
    const called = call();
    const cancel = scheduler.after(limitMs, () => reject(late()));
    called.then(
      (answer) => {
        cancel();
        resolve(answer);
      },
      (error: unknown) => {
        cancel();
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
