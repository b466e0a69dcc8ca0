import type { Cancel, Clock, Scheduler } from '#libs/kernel';
import type { StoreNotice } from './notice.ts';
import type { Position } from './position.ts';
import type { SnapshotFile } from './snapshot-file.ts';

/** The least between two rounds of writing while changes keep coming. */
const PAUSE_MS = 100;
/** A round may take this share of the time: writing many rows must not slow down the changes themselves. */
const PAUSE_PER_WRITTEN = 9;
/** After a failure. */
const RETRY_MS = 1_000;

/**
 * Writes snapshots behind the journal, one at a time.
 *
 * States: idle → (a change) → writing → (no later change) → idle, or → (a later change) → pausing → writing.
 */
export class SnapshotWriter {
  readonly #files: readonly SnapshotFile<unknown>[];
  readonly #position: () => Position;
  /** Deals with somebody's edit that was found in the way. */
  readonly #look: () => Promise<void> | undefined;
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;
  readonly #report: (notice: StoreNotice) => void;
  #running: Promise<void> | null = null;
  #isEnding = false;
  #endPause: () => void = () => undefined;

  constructor(
    files: readonly SnapshotFile<unknown>[],
    position: () => Position,
    look: () => Promise<void> | undefined,
    { clock, scheduler, report }: { clock: Clock; scheduler: Scheduler; report: (notice: StoreNotice) => void },
  ) {
    this.#files = files;
    this.#position = position;
    this.#look = look;
    this.#clock = clock;
    this.#scheduler = scheduler;
    this.#report = report;
  }

  /** Writes what is stale, now or after the pause. */
  wake(): void {
    if (this.#running !== null || !this.#isStale()) return;
    this.#running = this.#run().finally(() => {
      this.#running = null;
      // A change that came in this very moment found a run that had already ended.
      if (!this.#isEnding) this.wake();
    });
  }

  /** Writes what is still to be written, without pauses, once; then nothing more. */
  async end(): Promise<void> {
    this.#isEnding = true;
    this.#endPause();
    await this.#running;
    if (this.#isStale()) await this.#round();
  }

  async #run(): Promise<void> {
    while (this.#isStale() && !this.#isEnding) {
      const began = this.#clock.monotonicMs();
      const isWritten = await this.#round();
      const tookMs = this.#clock.monotonicMs() - began;
      if (isWritten && !this.#isStale()) return;
      await this.#pause(isWritten ? Math.max(PAUSE_MS, tookMs * PAUSE_PER_WRITTEN) : RETRY_MS);
    }
  }

  /** @returns false when a file could not be written */
  async #round(): Promise<boolean> {
    let isWritten = true;
    for (const file of this.#files) {
      if (!file.isStale) continue;
      try {
        if (await file.write(this.#position())) continue;
        await this.#look();
        isWritten = (await file.write(this.#position())) && isWritten;
      } catch (cause) {
        isWritten = false;
        this.#report({ kind: 'snapshot_failed', folder: file.folder, file: file.snapshot.file, cause });
      }
    }
    return isWritten;
  }

  #isStale(): boolean {
    return this.#files.some((file) => file.isStale);
  }

  #pause(ms: number): Promise<void> {
    if (this.#isEnding) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel: Cancel = this.#scheduler.after(ms, resolve);
      this.#endPause = () => {
        cancel();
        resolve();
      };
    });
  }
}
