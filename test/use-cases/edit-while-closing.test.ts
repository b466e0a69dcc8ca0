import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startFf, type RunningFf } from '#apps/ff';
import { ChainedRecorder } from '#libs/audit';
import { MemoryBusDriver, MemoryBusHub, Outbox } from '#libs/bus';
import { MemoryTier } from '#libs/cache';
import { FLAG_FILES, flagSnapshots, RegistryEdits } from '#libs/flags';
import { sampleRegistry } from '#libs/flags/testing';
import { DecodeOnlyTokens } from '#libs/identity';
import { type DiskWriter, FileStore, type Ambient } from '#libs/platform';
import {
  CollectingLog,
  FakeDisk,
  FakeProcesses,
  ManualClock,
  SeededRandom,
  SequentialIds,
  settle,
} from '#libs/platform/testing';
import { CollectedEnvelopes } from '../support/collected-envelopes.ts';

const FOLDER = '/data/ff';

/** A disk that takes its time to make the journal safe. */
class HeldDisk extends FakeDisk {
  held: Promise<void> = Promise.resolve();

  override async openAppend(path: string): Promise<DiskWriter> {
    const file = await super.openAppend(path);
    if (!path.endsWith('/journal.log')) return file;
    return {
      append: (bytes) => file.append(bytes),
      sync: () => this.held.then(() => file.sync()),
      truncate: (size) => file.truncate(size),
      close: () => file.close(),
    };
  }
}

let clock: ManualClock;
let disk: HeldDisk;
let envelopes: CollectedEnvelopes;
let files: FileStore;
let outbox: Outbox;
let published: string[];
let ff: RunningFf;

beforeEach(async () => {
  clock = new ManualClock();
  disk = new HeldDisk();
  envelopes = new CollectedEnvelopes();
  outbox = new Outbox(clock);
  published = [];
  const ambient: Ambient = { clock, scheduler: clock, random: new SeededRandom(1), ids: new SequentialIds() };
  const edits = new RegistryEdits();
  files = await FileStore.open({
    tables: FLAG_FILES.tables,
    snapshots: flagSnapshots(edits),
    folder: FOLDER,
    disk,
    processes: new FakeProcesses(),
    recorder: new ChainedRecorder('/ptt/ff', ambient.ids),
    ...ambient,
    report: (notice) => edits.note(notice),
  });
  ff = await startFf(
    {
      replica: 'ff-1',
      verification: 'decode-only',
      tokens: new DecodeOnlyTokens(),
      store: { files, edits, outbox },
      isRelay: true,
      tier: new MemoryTier(clock, ({ namespace }) => void published.push(namespace)),
      jwks: null,
      approvals: { ask: () => Promise.reject(new Error('nobody asks')) },
      matrixRows: { rows: () => Promise.resolve(new Set<string>()) },
      gateReuseMs: 0,
      bus: new MemoryBusDriver(new MemoryBusHub()),
      envelopes,
      ambient,
      log: new CollectingLog(),
    },
    { host: '127.0.0.1', port: 0 },
  );
  // The snapshots are there, as after a while.
  await clock.advance(10_000);
});
afterEach(() => files.close());

describe('an edit of a file', () => {
  it('that is being taken up when FF is told to end is recorded and told of before it does', async () => {
    const held = Promise.withResolvers<void>();
    disk.held = held.promise;
    disk.edit(`${FOLDER}/registry.json`, JSON.stringify(sampleRegistry({ 'ff.a': {} })));
    await clock.advance(250);
    const closing = ff.close();
    await settle();
    expect([envelopes.actions, published]).toEqual([[], []]);
    held.resolve();
    await closing;
    expect([envelopes.actions, published, outbox.size]).toEqual([['registry.reloaded'], ['flag'], 0]);
  });
});
