import { FileOverrideStore, type HeldOverride, overrideCacheKey, type OverrideScope, type Stored } from '#libs/flags';
import { isRecord } from '#libs/kernel';
import type { DiskWriter } from '#libs/platform';
import { GroupWriter, TableRows } from '#libs/platform/models';
import { SimDisk } from '../models/sim-disk.ts';
import { StoreDistance } from '../world/store-distance.ts';
import { type Bug, overlaid } from './bug.ts';

const TESTS = ['crash', 'recovery', 'snapshots', 'journal', 'journal-frames', 'journal-restart', 'file-store'].map(
  (name) => `libs/platform/src/file-store/${name}.test.ts`,
);
/** Every so many frames of that length. */
const UNSYNCED_EVERY = 3;
const LONG = 1_500;
const TOMBSTONES = 4;

/** Faults of the journal and its snapshots, and of what lives on them. */
export const BUGS: readonly Bug[] = [
  {
    id: 'file-not-synced',
    invariant: 'I6',
    what: 'Every third long frame of the journal is not synced, and is acknowledged.',
    tests: TESTS,
    plant: () => {
      const frames = new WeakMap<DiskWriter, number>();
      return overlaid(
        GroupWriter,
        class extends GroupWriter {
          protected override async makeSafe(file: DiskWriter, frame: Uint8Array): Promise<void> {
            const count = (frames.get(file) ?? 0) + (frame.length > LONG ? 1 : 0);
            frames.set(file, count);
            if (frame.length > LONG && count % UNSYNCED_EVERY === 0) await file.append(frame);
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
    id: 'editor-left-out',
    invariant: 'I12',
    what: 'A snapshot does not say who edited a thing, so that after a restart its editor may sign it.',
    tests: TESTS,
    plant: () =>
      overlaid(
        TableRows,
        class extends TableRows<unknown> {
          override sorted(): readonly unknown[] {
            return super.sorted().map((row) => {
              if (!isRecord(row)) return row;
              const { edited_by: _editedBy, edited_at: _editedAt, ...others } = row;
              return others;
            });
          }
        },
      ),
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
    id: 'version-restarts-after-removal',
    invariant: 'I8',
    what: 'An override that is set again after it was seen removed counts its versions from there on.',
    tests: ['file-stores', 'cached-inputs'].map((name) => `libs/flags/src/adapters/${name}.test.ts`),
    plant: () => {
      const removed = new WeakMap<FileOverrideStore, Map<string, number>>();
      return overlaid(
        FileOverrideStore,
        class extends FileOverrideStore {
          override read(flagKey: string, scope: OverrideScope, subjectId: string): Stored<HeldOverride> {
            const stored = super.read(flagKey, scope, subjectId);
            const versions = removed.get(this) ?? new Map<string, number>();
            removed.set(this, versions);
            const key = overrideCacheKey({ flag_key: flagKey, scope, subject_id: subjectId });
            if (stored.value === null) versions.set(key, stored.version);
            return stored.value === null ? stored : { ...stored, version: stored.version - (versions.get(key) ?? 0) };
          }
        },
      );
    },
  },
  {
    id: 'dead-process-goes-on',
    invariant: 'I2',
    what: 'What waited for the store when its process died goes on when the store answers.',
    tests: ['libs/sim/src/net', 'libs/sim/src/time'],
    plant: () =>
      overlaid(
        StoreDistance,
        class extends StoreDistance {
          override guard<T>(promise: Promise<T>): Promise<T> {
            return promise;
          }
        },
      ),
  },
];
