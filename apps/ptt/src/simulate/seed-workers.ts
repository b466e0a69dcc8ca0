import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { exceptionFailure, type SeedOutcome, type SeedSpec } from '#libs/sim';
import { projectFolder } from '../project.ts';

/** What came of a seed, and how long that took in real time. */
export interface Timed {
  readonly outcome: SeedOutcome;
  readonly tookMs: number;
}

export interface Looking {
  /** Told of each seed as it ends, with its place among those that were asked for. */
  readonly done?: (timed: Timed, place: number) => void;
  /** True for an outcome after which no further seed is begun. */
  readonly isEnough?: (outcome: SeedOutcome) => boolean;
}

/** Runs seeds somewhere. The outcomes come in the order of the seeds, and up to the first that is enough. */
export abstract class SeedRunner {
  abstract readonly cores: number;
  abstract run(specs: readonly SeedSpec[], looking?: Looking): Promise<readonly Timed[]>;
  abstract close(): Promise<void>;
}

/** One thread a core, each with a heap of its own; they stay for the next seeds. */
export class SeedWorkers extends SeedRunner {
  readonly cores = availableParallelism();
  readonly #workers: SeedWorker[] = [];
  readonly #file: string;

  /** @param file what each thread runs, from the folder of sources and without its ending */
  constructor(file = 'apps/ptt/src/simulate/worker') {
    super();
    this.#file = file;
  }

  async run(specs: readonly SeedSpec[], { done, isEnough }: Looking = {}): Promise<readonly Timed[]> {
    const ended: Timed[] = [];
    let next = 0;
    let last = specs.length - 1;
    const work = async (core: number): Promise<void> => {
      for (let index = next++; index <= last; index = next++) {
        const spec = specs[index];
        if (spec === undefined) return;
        const timed = await this.#worker(core).run(spec);
        ended[index] = timed;
        done?.(timed, index);
        // All before it were begun already, so that what is kept does not depend on who was faster.
        if (isEnough?.(timed.outcome) === true) last = Math.min(last, index);
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.cores, specs.length) }, (_, core) => work(core)));
    return ended.slice(0, last + 1);
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close()));
  }

  #worker(core: number): SeedWorker {
    const there = this.#workers[core];
    if (there !== undefined && there.isAlive) return there;
    const worker = new SeedWorker(startWorker(this.#file));
    this.#workers[core] = worker;
    return worker;
  }
}

class SeedWorker {
  readonly #worker: Worker;
  #isAlive = true;

  constructor(worker: Worker) {
    this.#worker = worker;
    this.#worker.on('error', () => {
      this.#isAlive = false;
    });
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** A thread that dies of a seed was this seed's exception; the next seed needs another one. */
  run(spec: SeedSpec): Promise<Timed> {
    const worker = this.#worker;
    return new Promise((resolve) => {
      const answered = (timed: Timed): void => {
        worker.off('error', failed);
        resolve(timed);
      };
      const failed = (error: unknown): void => {
        worker.off('message', answered);
        resolve({ outcome: deadOf(spec, error), tookMs: 0 });
      };
      worker.once('message', answered);
      worker.once('error', failed);
      worker.postMessage(spec);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** As this file is: from its source by way of the compiler's hooks, or built. */
function startWorker(file: string): Worker {
  const root = projectFolder();
  if (!import.meta.url.endsWith('.ts')) return new Worker(join(root, 'dist', `${file}.js`));
  const hooks = pathToFileURL(join(root, 'scripts', 'swc-hooks.mjs')).href;
  return new Worker(join(root, `${file}.ts`), {
    execArgv: ['--import', hooks, '--conditions=ptt-src'],
  });
}

function deadOf({ seed, plan }: SeedSpec, error: unknown): SeedOutcome {
  return {
    seed,
    hash: '',
    events: 0,
    simulatedMs: 0,
    commits: 0,
    plan: plan ?? [],
    felt: {},
    checks: {},
    sometimes: {},
    failure: exceptionFailure(error, 0),
  };
}
