import {
  type AuditEntry,
  type AuditEvent,
  AuditRecorder,
  type ChainHead,
  type Envelope,
  isRecord,
  type JsonValue,
  type Origin,
  toIso,
} from '#libs/kernel';
import { FileStore, type JournalLine, type StoreNotice } from '#libs/platform';
import { FakeDisk, FakeProcesses, ManualClock, SequentialIds } from '#libs/platform/testing';
import { RegistryEdits } from '../adapters/registry-edits.ts';
import { FileFlagStore } from '../adapters/file-flag-store.ts';
import { FileOverrideStore } from '../adapters/file-override-store.ts';
import { FLAG_FILES, flagSnapshots } from '../adapters/flag-files.ts';

/** Records that carry the entry as it was given, so that tests can read it. */
class PlainRecorder extends AuditRecorder {
  #made = 0;

  override event(entry: AuditEntry, { actor, at }: Origin & { readonly at: number }): AuditEvent {
    this.#made += 1;
    return { id: `event-${this.#made}`, source: '/ptt/ff', actor: actor.id, time: toIso(at), data: { ...entry } };
  }

  override chain(event: AuditEvent, head: ChainHead): Envelope & ChainHead {
    const sequence = head.sequence + 1;
    return { event, sequence, prev_hash: head.hash, hash: `${sequence}`.padStart(64, '0'), sink_status: 'deferred' };
  }
}

/** A machine whose disk keeps FF's folder; what opens on it finds what was left there. */
export class FlagMachine {
  readonly disk = new FakeDisk();
  readonly clock = new ManualClock();
  readonly ids = new SequentialIds();
  readonly folder = '/data/ff';
  readonly notices: StoreNotice[] = [];
  readonly #processes = new FakeProcesses();

  async open(): Promise<OpenFlagFiles> {
    const edits = new RegistryEdits();
    const store = await FileStore.open({
      folder: this.folder,
      disk: this.disk,
      clock: this.clock,
      scheduler: this.clock,
      ids: this.ids,
      processes: this.#processes,
      recorder: new PlainRecorder(),
      tables: FLAG_FILES.tables,
      snapshots: flagSnapshots(edits),
      report: (notice) => {
        this.notices.push(notice);
        edits.note(notice);
      },
    });
    return new OpenFlagFiles(store, edits);
  }

  /** Replaces a file as an editor would. */
  async edit(file: string, document: JsonValue): Promise<void> {
    await this.write(file, JSON.stringify(document));
  }

  async write(file: string, text: string): Promise<void> {
    const path = `${this.folder}/${file}`;
    const writer = await this.disk.create(`${path}~`);
    await writer.append(Buffer.from(text));
    await writer.sync();
    await writer.close();
    this.disk.rename(`${path}~`, path);
  }

  /** The text of a file; null when there is none. */
  async read(file: string): Promise<string | null> {
    const bytes = await this.disk.read(`${this.folder}/${file}`);
    return bytes === null ? null : Buffer.from(bytes).toString('utf8');
  }
}

/** Both stores on one folder, and what was written to its journal. */
export class OpenFlagFiles {
  readonly flags: FileFlagStore;
  readonly overrides: FileOverrideStore;
  readonly lines: JournalLine[] = [];
  readonly #store: FileStore;

  constructor(store: FileStore, edits: RegistryEdits) {
    this.#store = store;
    this.flags = new FileFlagStore(store, edits);
    this.overrides = new FileOverrideStore(store);
    store.onCommit((line) => this.lines.push(line));
  }

  /** The actions of all records since it was opened. */
  actions(): readonly unknown[] {
    return this.entries().map(({ action }) => action);
  }

  /** All audit entries since it was opened. */
  entries(): readonly Readonly<Record<string, unknown>>[] {
    return this.lines.flatMap(({ records }) => records.map(({ event }) => entryOf(event)));
  }

  /** The payloads of all messages since it was opened. */
  messages(): readonly Readonly<Record<string, unknown>>[] {
    return this.lines.flatMap(({ messages }) => messages.map(({ payload }) => payload));
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}

function entryOf(event: AuditEvent): Readonly<Record<string, unknown>> {
  const { data } = event;
  return isRecord(data) ? { ...data, actor: event['actor'] } : {};
}
