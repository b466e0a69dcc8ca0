/** A store in memory answers at once, one over a network later; the hot path does not wait where it need not. */
export type Awaitable<T> = T | Promise<T>;

export function isPending<T extends object | null>(answer: Awaitable<T>): answer is Promise<T> {
  return answer !== null && 'then' in answer && typeof answer.then === 'function';
}

/** Goes on with an answer, at once where it has arrived. */
export function andThen<T extends object | null, U>(
  answer: Awaitable<T>,
  goOn: (arrived: T) => Awaitable<U>,
): Awaitable<U> {
  return isPending(answer) ? answer.then(goOn) : goOn(answer);
}

/** All answers; waits only when one of them has not arrived. */
export function all<T extends object>(answers: readonly Awaitable<T>[]): Awaitable<readonly T[]> {
  const arrived: T[] = [];
  for (const answer of answers) {
    if (isPending(answer)) return Promise.all(answers.map(async (one) => one));
    arrived.push(answer);
  }
  return arrived;
}
