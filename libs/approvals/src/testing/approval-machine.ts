import {
  AuditRecorder,
  type AuditEntry,
  type AuditEvent,
  type ChainHead,
  type Envelope,
  type Instant,
  type JsonValue,
  type Origin,
  isJsonObject,
  parseJson,
  toIso,
} from '#libs/kernel';
import { FileStore, type JournalLine, type StoreNotice } from '#libs/platform';
import { FakeDisk, FakeProcesses, ManualClock, SequentialIds } from '#libs/platform/testing';
import {
  APPROVALS_FILE,
  FileApprovalStore,
  FileIngestStore,
  approvalSnapshot,
  ingestedTable,
} from '../adapters/index.ts';
import { FixedMatrix } from './fixed-matrix.ts';

/** Records that carry the entry as it was given, so that tests can read it. */
export class PlainRecorder extends AuditRecorder {
  #made = 0;

  override event(entry: AuditEntry, { actor, at }: Origin & { readonly at: Instant }): AuditEvent {
    this.#made += 1;
    return { id: `event-${this.#made}`, source: '/ptt/admin', actor: actor.id, time: toIso(at), data: { ...entry } };
  }

  override chain(event: AuditEvent, head: ChainHead): Envelope & ChainHead {
    const sequence = head.sequence + 1;
    const hash = `${event.id.length % 10}${head.hash.slice(-20)}${sequence}`.padStart(64, '0').slice(-64);
    return { event, sequence, prev_hash: head.hash, hash, sink_status: 'deferred' };
  }
}

/** A machine whose disk keeps Admin's folder; what opens on it finds what was left there. */
export class ApprovalMachine {
  readonly clock = new ManualClock();
  readonly ids = new SequentialIds();
  readonly folder = '/data/admin';
  readonly matrix = new FixedMatrix();
  readonly notices: StoreNotice[] = [];
  readonly #processes = new FakeProcesses();

  constructor(readonly disk = new FakeDisk()) {}

  async open(): Promise<OpenApprovalFiles> {
    const store = await FileStore.open({
      folder: this.folder,
      disk: this.disk,
      clock: this.clock,
      scheduler: this.clock,
      ids: this.ids,
      processes: this.#processes,
      recorder: new PlainRecorder(),
      tables: [ingestedTable],
      snapshots: [approvalSnapshot(this.matrix)],
      report: (notice) => void this.notices.push(notice),
    });
    const open = new OpenApprovalFiles(store, this.clock);
    await store.look();
    return open;
  }

  /** The approvals' snapshot; null when there is none. */
  async snapshot(): Promise<JsonValue> {
    const bytes = await this.disk.read(`${this.folder}/${APPROVALS_FILE}`);
    return bytes === null ? null : parseJson(Buffer.from(bytes).toString('utf8'));
  }

  /** Replaces the approvals' snapshot as an editor would. */
  async edit(text: string): Promise<void> {
    await this.write(APPROVALS_FILE, text);
  }

  async write(file: string, text: string): Promise<void> {
    const path = `${this.folder}/${file}`;
    const writer = await this.disk.create(`${path}~`);
    await writer.append(Buffer.from(text));
    await writer.sync();
    await writer.close();
    this.disk.rename(`${path}~`, path);
  }
}

/** The stores on one folder, and what was written to its journal. */
export class OpenApprovalFiles {
  readonly approvals: FileApprovalStore;
  readonly ingested: FileIngestStore;
  readonly lines: JournalLine[] = [];

  constructor(
    readonly files: FileStore,
    clock: ManualClock,
  ) {
    this.approvals = new FileApprovalStore(files, clock);
    this.ingested = new FileIngestStore(files);
    files.onCommit((line) => void this.lines.push(line));
  }

  /** The entries of all records since it was opened. */
  entries(): readonly Readonly<Record<string, unknown>>[] {
    return this.lines.flatMap(({ records }) => records.map(({ event }) => entryOf(event)));
  }

  /** The payloads of all messages since it was opened. */
  messages(): readonly Readonly<Record<string, unknown>>[] {
    return this.lines.flatMap(({ messages }) => messages.map(({ payload }) => payload));
  }
}

function entryOf(event: AuditEvent): Readonly<Record<string, unknown>> {
  const data = event['data'];
  return isJsonObject(data) ? { ...data, actor: event['actor'] } : {};
}
