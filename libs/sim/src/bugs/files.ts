import type { DiskWriter } from '#libs/platform';
import { GroupWriter, TableRows } from '#libs/platform/models';
import { SimDisk } from '../models/sim-disk.ts';
import { Life } from '../time/life.ts';
import { type Bug, overlaid } from './bug.ts';

const TESTS = ['libs/platform/src/file-store'];
/** Every so many frames. */
const UNSYNCED_EVERY = 5;
const TOMBSTONES = 4;

/** Faults of the journal and its snapshots, and of what lives on them. */
export const BUGS: readonly Bug[] = [
  {
    id: 'file-not-synced',
    invariant: 'I6',
    what: 'Every fifth frame of the journal is not synced, and is acknowledged.',
    tests: TESTS,
    plant: () => {
      const frames = new WeakMap<DiskWriter, number>();
      return overlaid(
        GroupWriter,
        class extends GroupWriter {
          protected override async makeSafe(file: DiskWriter, frame: Uint8Array): Promise<void> {
            const count = (frames.get(file) ?? 0) + 1;
            frames.set(file, count);
            if (count % UNSYNCED_EVERY === 0) await file.append(frame);
            else await super.makeSafe(file, frame);
          }
        },
      );
    },
  },
  {
    id: 'folder-not-synced',
    invariant: 'I6',
    what: 'Names of files are never made safe, only what is in them.',
    tests: ['libs/sim/src/compose.test.ts'],
    plant: () =>
      overlaid(
        SimDisk,
        class extends SimDisk {
          override syncFolder(): Promise<void> {
            return Promise.resolve();
          }
        },
      ),
  },
  {
    id: 'snapshot-ahead-of-its-rows',
    invariant: 'I12',
    what: 'A snapshot of many rows is made of those that were there when a row came or went last, and claims the newest line.',
    tests: TESTS,
    plant: () => {
      const kept = new WeakMap<TableRows<unknown>, { readonly keys: number; readonly rows: readonly unknown[] }>();
      return overlaid(
        TableRows,
        class extends TableRows<unknown> {
          override sorted(): readonly unknown[] {
            const known = kept.get(this);
            if (known !== undefined && known.keys === this.size && this.size > 4) return known.rows;
            const rows = super.sorted();
            kept.set(this, { keys: this.size, rows });
            return rows;
          }
        },
      );
    },
  },
  {
    id: 'tombstones-forgotten',
    invariant: 'I12',
    what: 'A snapshot keeps the newest few tombstones, so that after a restart what is gone has no version.',
    tests: TESTS,
    plant: () =>
      overlaid(
        TableRows,
        class extends TableRows<unknown> {
          override tombstones() {
            return super
              .tombstones()
              .toSorted((one, other) => other.version - one.version)
              .slice(0, TOMBSTONES);
          }
        },
      ),
  },
  {
    id: 'dead-process-goes-on',
    invariant: 'I3',
    what: 'What waited for an answer when its process died goes on when the answer comes.',
    tests: ['libs/sim/src/net', 'libs/sim/src/time'],
    plant: () =>
      overlaid(
        Life,
        class extends Life {
          override guard<T>(promise: Promise<T>): Promise<T> {
            return this.isAlive && !this.isRunning ? super.guard(promise) : promise;
          }
        },
      ),
  },
];
