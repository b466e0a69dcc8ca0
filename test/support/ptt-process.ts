import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { isRecord, within } from '#libs/kernel';
import { NodeScheduler } from '#libs/platform';

const ROOT = join(import.meta.dirname, '..', '..');

/** An end takes milliseconds; what is still there by then hangs. */
const END_MS = 10_000;

const FROM_SOURCES = ['--import', './scripts/swc-hooks.mjs', '--conditions=ptt-src', 'apps/ptt/src/main.ts'];

/** `ptt up` in a process of its own, on ports of its own; from its sources unless Node is given other words. */
export class PttProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly ffUrl: string,
    /** What it said on standard error until it was ready. */
    readonly said: readonly string[],
  ) {}

  static async start(dataDir: string, words: readonly string[] = FROM_SOURCES): Promise<PttProcess> {
    const child = spawn(process.execPath, [...words, 'up'], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        PTT_DATA_DIR: dataDir,
        PTT_FF_LISTEN: '127.0.0.1:0',
        PTT_ADMIN_LISTEN: '127.0.0.1:0',
        PTT_ISSUER_LISTEN: '127.0.0.1:0',
      },
    });
    const said: string[] = [];
    for await (const line of createInterface({ input: child.stderr })) {
      said.push(line);
      const ffUrl = readyUrl(line);
      if (ffUrl === null) continue;
      child.stderr.resume();
      return new PttProcess(child, ffUrl, said);
    }
    throw new Error(`ptt up ended before it was ready:\n${said.join('\n')}`);
  }

  /** kill -9; resolves when the process is gone. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /**
   * Tells it to end.
   * @returns the code that it ended with
   * @throws where it hangs; it is killed then
   */
  async stop(): Promise<number | null> {
    const late = (): Error => new Error(`ptt up is still there ${END_MS} ms after SIGTERM`);
    try {
      await within(new NodeScheduler(), END_MS, () => this.#end('SIGTERM'), late);
    } catch (error) {
      await this.kill();
      throw error;
    }
    return this.child.exitCode;
  }

  #end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return Promise.resolve();
    const gone = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
    this.child.kill(signal);
    return gone;
  }
}

/** FF's address in the line that says it is ready; null in any other. */
function readyUrl(line: string): string | null {
  if (!line.startsWith('{')) return null;
  const read: unknown = JSON.parse(line);
  if (!isRecord(read) || read['message'] !== 'ready' || !Array.isArray(read['ff'])) return null;
  const [url]: readonly unknown[] = read['ff'];
  return typeof url === 'string' ? url : null;
}
