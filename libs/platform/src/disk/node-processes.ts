import { readFileSync } from 'node:fs';
import { isRecord } from '#libs/kernel';
import { type ProcessIdentity, Processes } from './processes.ts';

/** Fields of /proc/PID/stat (proc_pid_stat(5)) after the name, which is in parentheses and may hold anything. */
const STATE = 0;
const START_TICKS = 19;

const textOf = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};

/** The start of the process of that number; null when there is none, or when it is dead and only not yet buried. */
function startOf(pid: number): string | null {
  const stat = textOf(`/proc/${pid}/stat`);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[STATE];
  if (state === 'Z' || state === 'X') return null;
  return fields[START_TICKS] ?? null;
}

/**
 * The processes of this machine. Where there is /proc, a process is told by its start since boot, so that a number
 * given again, after a restart of the machine or of a container too, is not taken for its former bearer.
 * Elsewhere the number alone has to do.
 */
export class NodeProcesses extends Processes {
  readonly #bootId = textOf('/proc/sys/kernel/random/boot_id')?.trim() ?? null;

  self(): ProcessIdentity {
    return { pid: process.pid, incarnation: this.#incarnationOf(process.pid) };
  }

  isAlive({ pid, incarnation }: ProcessIdentity): boolean {
    if (incarnation !== null && this.#bootId !== null) return this.#incarnationOf(pid) === incarnation;
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      // EPERM: it is there and belongs to somebody else.
      return isRecord(error) && error['code'] === 'EPERM';
    }
  }

  #incarnationOf(pid: number): string | null {
    const start = startOf(pid);
    return start === null || this.#bootId === null ? null : `${this.#bootId}:${start}`;
  }
}
