import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a server under test says of itself when it is up. */
export interface Ready {
  readonly port: number;
  readonly token: string;
}

/** A server under test in a process of its own, so that its processor time is its own too. */
export class ServerProcess {
  private constructor(
    readonly name: string,
    readonly ready: Ready,
    private readonly child: ChildProcess,
  ) {}

  static async start(name: string, script: string, input: object): Promise<ServerProcess> {
    const child = fork(fileURLToPath(new URL(`./servers/${script}.ts`, import.meta.url)), [JSON.stringify(input)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const ready = await new Promise<Ready>((resolve, reject) => {
      child.once('message', (message) => resolve(parseReady(message)));
      child.once('exit', (code) => reject(new Error(`${name} ended with ${code} before it was ready`)));
    });
    return new ServerProcess(name, ready, child);
  }

  /** Processor time of the process since it began, in microseconds. */
  async cpuMicros(): Promise<number> {
    const answer = new Promise<number>((resolve) => this.child.once('message', (message) => resolve(Number(message))));
    this.child.send('cpu');
    return answer;
  }

  async stop(): Promise<void> {
    const gone = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
    this.child.kill('SIGTERM');
    await gone;
  }
}

function parseReady(message: unknown): Ready {
  if (typeof message === 'object' && message !== null && 'port' in message && 'token' in message) {
    return { port: Number(message.port), token: String(message.token) };
  }
  throw new Error('a server under test says its port and token first');
}

/** Called by a server under test once it listens. */
export function announce(ready: Ready): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.(user + system);
  });
  process.send?.(ready);
}
