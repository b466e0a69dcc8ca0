import type { Load, LoadUnderWay } from './load.ts';

/** The loads of a space that have not ended. */
export class Loads<T> {
  /** Those that may be joined: of a key the last that began, unless it was forgotten. */
  readonly #joinable = new Map<string, LoadUnderWay<T>>();
  /** How many there are of a key, those that nobody may join among them. */
  readonly #counts = new Map<string, number>();

  /** Whether there is one of that key, whoever waits for it. */
  has(key: string): boolean {
    return this.#counts.has(key);
  }

  joinable(key: string): LoadUnderWay<T> | undefined {
    return this.#joinable.get(key);
  }

  /** It takes the place of one that is under way: nobody joins that any more. */
  begin(key: string, begun: Load, run: () => LoadUnderWay<T>['answer']): LoadUnderWay<T> {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    const load = { ...begun, answer: run() };
    this.#joinable.set(key, load);
    const end = (): void => this.#end(key, load);
    load.answer.then(end, end);
    return load;
  }

  /** What is under way answers those who wait for it, and nobody joins it. */
  forget(): void {
    this.#joinable.clear();
  }

  #end(key: string, load: LoadUnderWay<T>): void {
    const left = (this.#counts.get(key) ?? 0) - 1;
    if (left > 0) this.#counts.set(key, left);
    else this.#counts.delete(key);
    if (this.#joinable.get(key) === load) this.#joinable.delete(key);
  }
}
