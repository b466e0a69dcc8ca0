import { fork, type ChildProcess } from 'node:child_process';
import { isRecord } from '#libs/kernel';

/** What a measured process says of itself when it is up. */
export interface Ready {
  /** Null where it serves nothing. */
  readonly port: number | null;
  readonly token: string;
  /** One answer of each kind, for the processes that are to answer the same. */
  readonly samples: Readonly<Record<string, string>>;
}

/** What a process can be asked: a figure, measured when it is asked. */
export type Measures = Readonly<Record<string, (argument: number) => number | Promise<number>>>;

/** Something measured, in a process of its own, so that its processor time and its heap are its own too. */
export class MeasuredProcess {
  readonly ready: Ready;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, ready: Ready) {
    this.#child = child;
    this.ready = ready;
  }

  /** Without the conditions of this process: what it imports of the product comes from dist/. */
  static async start(script: URL, given: object = {}): Promise<MeasuredProcess> {
    const child = fork(script, [JSON.stringify(given)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
    });
    const ready = await new Promise<Ready>((resolve, reject) => {
      child.once('message', (message) => resolve(parseReady(message)));
      child.once('exit', (code) => reject(new Error(`${script.pathname} ended with ${code} before it was ready`)));
    });
    return new MeasuredProcess(child, ready);
  }

  get port(): number {
    if (this.ready.port === null) throw new Error('this process serves nothing');
    return this.ready.port;
  }

  /** One question at a time. @throws when the process ends or fails instead */
  ask(measure: string, argument = 0): Promise<number> {
    return new Promise((resolve, reject) => {
      const end = (code: number | null): void => reject(new Error(`the process ended with ${code} over ${measure}`));
      this.#child.once('exit', end);
      this.#child.once('message', (message) => {
        this.#child.off('exit', end);
        if (typeof message === 'number') resolve(message);
        else reject(new Error(JSON.stringify(message)));
      });
      this.#child.send({ measure, argument });
    });
  }

  async stop(): Promise<void> {
    const gone = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    this.#child.kill('SIGTERM');
    await gone;
  }
}

function parseReady(message: unknown): Ready {
  if (!isRecord(message)) throw new Error('a measured process says first that it is ready');
  const { port, token, samples } = message;
  const texts = isRecord(samples) ? Object.entries(samples).map(([name, text]) => [name, String(text)] as const) : [];
  return { port: port === null ? null : Number(port), token: String(token), samples: Object.fromEntries(texts) };
}

/** Called by a measured process once it is up. Every one can say its processor time since it began, in microseconds. */
export function announce(
  { port = null, token = '', samples = {} }: Partial<Ready>,
  measures: Measures = {},
  end: () => Promise<void> = () => Promise.resolve(),
): void {
  const all: Measures = { cpu: processorMicros, ...measures };
  process.on('message', (question) => {
    void answer(all, question).then(
      (figure) => process.send?.(figure),
      (error: unknown) => process.send?.(String(error)),
    );
  });
  const leave = (): void => void end().finally(() => process.exit(0));
  process.once('SIGTERM', leave);
  // Whoever asked is gone.
  process.once('disconnect', leave);
  process.send?.({ port, token, samples });
}

async function answer(measures: Measures, question: unknown): Promise<number> {
  const { measure, argument } = isRecord(question) ? question : {};
  const found = measures[String(measure)];
  if (found === undefined) throw new Error(`there is no measure ${String(measure)}`);
  return found(Number(argument));
}

/** Processor time of this process since it began, of its helping threads too. */
export function processorMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** What `MeasuredProcess.start` was given. */
export function input(): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(process.argv[2] ?? '{}');
  return isRecord(value) ? value : {};
}
