import {
  type AuditEntry,
  type AuditEvent,
  AuditRecorder,
  canonicalJson,
  type ChainHead,
  type Decision,
  type Envelope,
  isRecord,
  type JsonObject,
  type JsonValue,
  type Origin,
  parseJson,
  PttError,
  sha256Hex,
  systemActor,
  toIso,
  unchanged,
} from '#libs/kernel';
import { FakeDisk, FakeProcesses, ManualClock, SequentialIds } from '../../testing/index.ts';
import {
  FileStore,
  type FileStoreOptions,
  type Snapshot,
  type StoreNotice,
  type StoreTransaction,
  type Table,
} from '../index.ts';

/** The smallest row that a store can hold. */
export interface Note {
  readonly key: string;
  readonly version: number;
  readonly text: string;
}

function noteOf(value: JsonValue, pointer: string): Note {
  if (!isRecord(value)) throw new PttError('invalid_field', { detail: 'A note is an object.', pointer });
  const { key, version, text } = value;
  if (typeof key !== 'string')
    throw new PttError('invalid_field', { detail: 'key is no text.', pointer: `${pointer}/key` });
  if (typeof text !== 'string')
    throw new PttError('invalid_field', { detail: 'text is no text.', pointer: `${pointer}/text` });
  return { key, version: typeof version === 'number' ? version : 0, text };
}

const tableOf = (name: string): Table<Note> => ({ name, parse: (value) => noteOf(value, '') });

/** Kept in `notes.json` and `tags.json`; `marks` has no snapshot. */
export const NOTES = tableOf('notes');
export const TAGS = tableOf('tags');
export const MARKS = tableOf('marks');

export const snapshotOf = (table: Table<Note>): Snapshot<Note> => ({
  file: `${table.name}.json`,
  table,
  keyOf: (note) => note.key,
  versionOf: (note) => note.version,
  toDocument: (rows) => ({ about: `All ${table.name}.`, [table.name]: rows }),
  fromDocument: (document: JsonObject) => {
    const list = document[table.name];
    if (!Array.isArray(list)) throw new PttError('missing_field', { detail: `${table.name} is no list.`, pointer: '' });
    return list.map((value: JsonValue, index) => noteOf(value, `/${table.name}/${index}`));
  },
  adopt: (current, found, tx) => adopt(current, found, tx),
});

/** A note may be called anything but this. */
export const FORBIDDEN = 'forbidden';

function adopt(current: ReadonlyMap<string, Note>, found: readonly Note[], tx: StoreTransaction): Decision<Note, null> {
  const refused = found.findIndex(({ text }) => text === FORBIDDEN);
  if (refused !== -1)
    throw new PttError('invalid_field', { detail: 'This text is forbidden.', pointer: `/notes/${refused}/text` });
  const keys = new Set(found.map(({ key }) => key));
  const changes = [
    ...found
      .filter(({ key, text }) => current.get(key)?.text !== text)
      .map(({ key, text }) => noteChange(key, text, tx)),
    ...[...current.keys()].filter((key) => !keys.has(key)).map((key) => noteChange(key, null, tx)),
  ];
  return { answer: null, changes, records: changes.map(({ key }) => entryOf(key, 'note.edited')), messages: [] };
}

function noteChange(key: string, text: string | null, tx: StoreTransaction): Decision<Note, null>['changes'][number] {
  const version = tx.nextVersion();
  return { key, version, row: text === null ? null : { key, version, text } };
}

export function entryOf(key: string, action = 'note.put'): AuditEntry {
  return { action, target: { type: 'note', id: key }, outcome: 'accepted' };
}

/** Writes a note, or takes it away. Nothing is to do where it is so already. */
export function put(store: FileStore, key: string, text: string | null, table = NOTES): Promise<number> {
  return store.commit(table, WRITER, (rows, tx) => {
    if ((rows.get(key)?.text ?? null) === text) return unchanged(rows.versionOf(key));
    const change = noteChange(key, text, tx);
    return { answer: change.version, changes: [change], records: [entryOf(key)], messages: [] };
  });
}

export const WRITER: Origin = { actor: systemActor('operator'), trace: { correlationId: 'test' } };

/** A chain like the real one, without its schema. */
export class NoteRecorder extends AuditRecorder {
  #made = 0;

  event(entry: AuditEntry, { actor, at }: Origin & { readonly at: number }): AuditEvent {
    this.#made += 1;
    return {
      id: `event-${this.#made}`,
      source: '/test',
      action: entry.action,
      target: entry.target.id,
      actor: actor.id,
      time: toIso(at),
    };
  }

  chain(event: AuditEvent, head: ChainHead): Envelope & ChainHead {
    const sequence = head.sequence + 1;
    const hash = sha256Hex(canonicalJson({ event, sequence, prev_hash: head.hash }));
    return { event, sequence, prev_hash: head.hash, hash, sink_status: 'deferred' };
  }
}

/** Throws at the first record that does not continue the chain. @returns how many there are */
export async function checkChain(store: FileStore): Promise<number> {
  let head: ChainHead = { sequence: 0, hash: '0'.repeat(64) };
  let line = 0;
  for await (const { line: number, records } of store.lines()) {
    line += 1;
    if (number !== line) throw new Error(`line ${line} is missing`);
    for (const { event, sequence, prev_hash: prev, hash } of records) {
      const expected = new NoteRecorder().chain(event, head);
      if (sequence !== expected.sequence || prev !== head.hash || hash !== expected.hash)
        throw new Error(`record ${expected.sequence} is not sound`);
      head = expected;
    }
  }
  return head.sequence;
}

/** A machine on which stores are opened, one after another. */
export class NoteMachine {
  disk: FakeDisk;
  readonly clock = new ManualClock();
  readonly ids = new SequentialIds();
  /** Of the store that was opened last. */
  notices: StoreNotice[] = [];
  processes = new FakeProcesses();

  constructor(disk = new FakeDisk()) {
    this.disk = disk;
  }

  readonly folder = '/data/ff';

  path(name: string): string {
    return `${this.folder}/${name}`;
  }

  /** Opens a store that has looked. */
  async open(changed: Partial<FileStoreOptions> = {}): Promise<FileStore> {
    const store = await this.openUnseen(changed);
    await store.look();
    return store;
  }

  openUnseen(changed: Partial<FileStoreOptions> = {}): Promise<FileStore> {
    const { folder, disk, clock, ids, processes } = this;
    const notices: StoreNotice[] = [];
    this.notices = notices;
    return FileStore.open({
      folder,
      disk,
      clock,
      scheduler: clock,
      ids,
      processes,
      recorder: new NoteRecorder(),
      tables: [MARKS],
      snapshots: [snapshotOf(NOTES), snapshotOf(TAGS)],
      report: (notice) => notices.push(notice),
      ...changed,
    });
  }

  openReader(): Promise<FileStore> {
    const { folder, disk } = this;
    return FileStore.openReader({
      folder,
      disk,
      tables: [NOTES, TAGS, MARKS],
      report: (notice) => this.notices.push(notice),
    });
  }

  /** kill -9: nothing of the process goes on; what it wrote is still in the machine's memory. */
  kill(): void {
    this.disk = this.disk.survive();
    this.processes.kill();
    this.processes = this.processes.spawn(this.processes.self().pid + 1);
  }

  /** The power goes, and comes back. */
  crash(): void {
    this.disk = this.disk.crash();
    this.processes.kill();
    this.processes = this.processes.spawn(this.processes.self().pid + 1);
  }

  /** A snapshot as it is on disk now. */
  document(name: string): JsonValue {
    return parseJson(this.disk.text(this.path(name)) ?? 'null');
  }

  async removeSnapshots(): Promise<void> {
    for (const name of ['notes.json', 'tags.json']) await this.disk.unlink(this.path(name));
  }

  /** Where the frames of the journal begin. */
  frames(): readonly number[] {
    return [...(this.disk.text(this.path('journal.log')) ?? '').matchAll(/^#frame /gm)].map(({ index }) => index);
  }

  /** Commits each text as one frame of its own. */
  async writeFrames(texts: readonly string[]): Promise<void> {
    const store = await this.open();
    for (const text of texts) await put(store, text, text);
    await store.close();
  }
}

export async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** All notes of a store, by key. */
export function notesOf(store: FileStore, table = NOTES): Readonly<Record<string, string>> {
  return Object.fromEntries([...store.rows(table).values()].map(({ key, text }) => [key, text]));
}
