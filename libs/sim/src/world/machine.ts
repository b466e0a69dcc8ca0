import { FakeDisk, FakeProcesses } from '#libs/platform/models';
import { SimDisk } from '../models/sim-disk.ts';
import { SimProcess } from './process.ts';
import type { Site } from './site.ts';

const JOURNAL = 'journal.log';

/** A machine with its disk: it outlives every process on it. */
export class Machine {
  readonly name: string;
  disk: FakeDisk;
  readonly #site: Site;
  #processes: FakeProcesses;
  #running: SimProcess[] = [];
  #pid = 1;
  #onAppended: (() => void) | null = null;
  /** Mean of what each act of the disk takes beside its usual time, in milliseconds. */
  slowMs = 0;

  constructor(name: string, site: Site) {
    this.name = name;
    this.#site = site;
    this.disk = new FakeDisk(site.chance(`disk ${name}`).below(2 ** 31));
    this.#processes = new FakeProcesses(this.#pid);
  }

  get processes(): FakeProcesses {
    return this.#processes;
  }

  /** Something begins to run on it. */
  begin(name: string): SimProcess {
    const process = new SimProcess(name, this.#site.time, this.#site.wall(this.name));
    this.#running = [...this.#running.filter(({ life }) => life.isAlive), process];
    return process;
  }

  /** Runs it so long after the next write to a journal, which may not be synced by then. */
  atNextWrite(afterMs: number, run: () => void): void {
    this.#onAppended = () => {
      this.#onAppended = null;
      this.#site.time.after(afterMs, run);
    };
  }

  /** The disk as a process of this machine has it. */
  diskOf(process: SimProcess): SimDisk {
    const { time, conditions } = this.#site;
    return new SimDisk(this.disk, time, process.life, this.#site.chance(`disk of ${process.name}`), {
      slowMs: () => {
        if (this.slowMs > 0) conditions.feel('slow-disk');
        return this.slowMs;
      },
      appended: (path) => {
        if (path.endsWith(JOURNAL)) this.#onAppended?.();
      },
    });
  }

  /** Everything on it ends at once. With the machine itself down, what was not synced may be lost. */
  crash(what: 'machine' | 'processes'): void {
    this.#end();
    this.disk = what === 'machine' ? this.disk.crash() : this.disk.survive();
  }

  #end(): void {
    for (const { life } of this.#running) life.end();
    this.#processes.kill();
    this.#pid += 1;
    this.#processes = this.#processes.spawn(this.#pid);
  }
}
