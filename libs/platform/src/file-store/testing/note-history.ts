import { invariant, isJsonObject, isRecord, type JsonValue, parseJson, PttError } from '#libs/kernel';
import { FakeDisk } from '../../testing/index.ts';
import type { FileStore } from '../index.ts';
import { checkChain, type Note, NoteMachine, NOTES, notesOf, put } from './notes.ts';

/** What happens to a store, one after another. */
export type Event =
  /** Changes that several callers ask for at once. */
  | { readonly kind: 'put'; readonly keys: readonly number[] }
  /** The same, and the power goes in the middle of it, that many acts of the disk later. */
  | { readonly kind: 'crash'; readonly keys: readonly number[]; readonly acts: number }
  /** The same, and the process is killed. */
  | { readonly kind: 'kill'; readonly keys: readonly number[]; readonly acts: number }
  /** The same, and the disk fails a write or an fsync. */
  | { readonly kind: 'fail'; readonly keys: readonly number[]; readonly act: 'append' | 'sync' }
  | { readonly kind: 'close' }
  /** Somebody edits a copy of the snapshot, perhaps an old one, and puts it in place. */
  | { readonly kind: 'edit'; readonly edit: Edit; readonly copy: 'old' | 'new' | 'bare' }
  /** Somebody edits it while no process runs. */
  | { readonly kind: 'editAtRest'; readonly edit: Edit; readonly how: 'close' | 'crash' }
  | { readonly kind: 'pass'; readonly ms: number };

/** A note that is written anew, and one that is taken away. */
export interface Edit {
  readonly put: number;
  readonly drop: number;
}

type Notes = Readonly<Record<string, string>>;
interface NotesDocument {
  readonly notes: readonly Note[];
  readonly journal: JsonValue;
}
interface Asked {
  readonly key: string;
  readonly text: string | null;
}

const KEYS = ['a', 'b', 'c', 'd'];
const keyOf = (index: number): string => KEYS[index % KEYS.length] ?? 'a';

function after(notes: Notes, { key, text }: Asked): Notes {
  const { [key]: _before, ...others } = notes;
  return text === null ? others : { ...others, [key]: text };
}

const isSame = (a: Notes, b: Notes): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([key, text]) => b[key] === text);

function documentOf(text: string): NotesDocument {
  const document = parseJson(text);
  invariant(isJsonObject(document) && Array.isArray(document['notes']), 'a snapshot has a list of notes');
  const { notes, journal, ...others } = document;
  return { ...others, notes: notes.map((note: JsonValue) => NOTES.parse(note)), journal: journal ?? null };
}

const versionIn = (journal: JsonValue): number => (isJsonObject(journal) ? Number(journal['version']) : 0);

/**
 * Runs a history and holds it against a model: the rows that were acknowledged. After each restart every acknowledged
 * change is there with its one envelope, of the others the first few or none, the chain is sound and versions rise.
 * @throws Error that says what was lost
 */
export class NoteHistory {
  readonly #machine: NoteMachine;
  #store: FileStore | null = null;
  /** What was acknowledged. */
  #notes: Notes = {};
  /** The highest version that anybody was told. */
  #version = 0;
  #texts = 0;
  /** A snapshot that somebody took away to edit. */
  #copy: string | null = null;

  constructor(seed: number, plant: (disk: FakeDisk) => void = () => undefined) {
    this.#machine = new NoteMachine(new FakeDisk(seed));
    plant(this.#machine.disk);
  }

  async run(events: readonly Event[]): Promise<void> {
    await this.#open([]);
    for (const event of events) await this.#happen(event);
    await this.#restart('close', []);
    await this.#opened.close();
  }

  get #opened(): FileStore {
    invariant(this.#store !== null, 'a store is open between events');
    return this.#store;
  }

  async #happen(event: Event): Promise<void> {
    const { disk, clock } = this.#machine;
    switch (event.kind) {
      case 'put':
        this.#expect((await this.#ask(event.keys)).length === 0, 'every change is acknowledged');
        break;
      case 'crash':
      case 'kill':
        disk.crashIn(event.acts);
        await this.#restart(event.kind, await this.#ask(event.keys));
        break;
      case 'fail':
        disk.fail(event.act, /journal\.log$/);
        await this.#restart('kill', await this.#ask(event.keys));
        break;
      case 'close':
        await this.#restart('close', []);
        break;
      case 'edit':
        await this.#edit(event.edit, event.copy);
        break;
      case 'editAtRest':
        await this.#editAtRest(event.edit, event.how);
        break;
      case 'pass':
        await clock.advance(event.ms);
        break;
    }
    this.#expect(isSame(notesOf(this.#opened), this.#notes), 'readers see what was acknowledged');
  }

  /** Asks for changes at once. @returns those whose outcome nobody was told, in order */
  async #ask(keys: readonly number[]): Promise<readonly Asked[]> {
    const asked = keys.map((index): Asked => {
      this.#texts += 1;
      return { key: keyOf(index), text: index >= KEYS.length * 2 ? null : `text ${this.#texts}` };
    });
    const store = this.#opened;
    const told = await Promise.all(
      asked.map(async ({ key, text }) => {
        try {
          const version = await put(store, key, text);
          this.#version = Math.max(this.#version, version);
          return true;
        } catch (error) {
          if (error instanceof PttError && error.code === 'store_unavailable') return false;
          throw error;
        }
      }),
    );
    const known = told.lastIndexOf(true) + 1;
    this.#expect(told.slice(0, known).every(Boolean), 'changes are acknowledged in order');
    for (const one of asked.slice(0, known)) this.#notes = after(this.#notes, one);
    return asked.slice(known);
  }

  async #restart(how: 'close' | 'kill' | 'crash', unknown: readonly Asked[]): Promise<void> {
    await this.#stop(how);
    await this.#open(unknown);
  }

  async #stop(how: 'close' | 'kill' | 'crash'): Promise<void> {
    if (how === 'close') await this.#opened.close();
    if (how === 'kill') this.#machine.kill();
    if (how === 'crash') this.#machine.crash();
  }

  /** @param unknown changes that were asked for, of which the first few may have come through */
  async #open(unknown: readonly Asked[], wasEdited = false): Promise<void> {
    this.#store = await this.#machine.open();
    const found = notesOf(this.#store);
    const possible = [this.#notes];
    for (const one of unknown) possible.push(after(possible.at(-1) ?? {}, one));
    this.#expect(
      possible.some((notes) => isSame(notes, found)),
      `${JSON.stringify(found)} is what was acknowledged, ${JSON.stringify(this.#notes)}`,
    );
    this.#notes = found;
    for (const { kind } of this.#machine.notices) {
      const isFine =
        kind === 'torn_frame_dropped' || kind === 'stale_lock_taken' || (wasEdited && kind === 'edit_adopted');
      this.#expect(isFine, `nothing happened that would bring ${kind}`);
    }
    await this.#checkJournal();
  }

  async #checkJournal(): Promise<void> {
    await checkChain(this.#opened);
    let notes: Notes = {};
    let version = 0;
    const texts = new Set<string>();
    for await (const { changes, records } of this.#opened.lines()) {
      this.#expect(changes.length === records.length, 'each change has its one envelope');
      for (const { key, version: given, row } of changes) {
        this.#expect(given > version, 'versions rise');
        version = given;
        const text = isRecord(row) ? String(row['text']) : null;
        this.#expect(text === null || !texts.has(text), `${text} was written once`);
        if (text !== null) texts.add(text);
        notes = after(notes, { key, text });
      }
    }
    this.#expect(isSame(notes, notesOf(this.#opened)), 'the journal alone makes the rows');
    this.#expect(version >= this.#version, 'no version that anybody was told is lost');
    this.#version = version;
  }

  async #edit(edit: Edit, copy: 'old' | 'new' | 'bare'): Promise<void> {
    // Behind the pause of a busy store the snapshot has all that was acknowledged.
    if (copy !== 'old') await this.#machine.clock.advance(1_000);
    if (copy !== 'old' || this.#copy === null) this.#copy = this.#machine.disk.text(this.#machine.path('notes.json'));
    if (this.#copy === null) return;
    this.#putEdited(this.#copy, edit, copy === 'bare');
    await this.#opened.look();
  }

  async #editAtRest(edit: Edit, how: 'close' | 'crash'): Promise<void> {
    await this.#stop(how);
    const found = this.#machine.disk.text(this.#machine.path('notes.json'));
    if (found !== null) this.#putEdited(found, edit, false);
    await this.#open([], true);
  }

  /** What was changed after the copy was made stays as it is; the edit of everything else counts. */
  #putEdited(copy: string, edit: Edit, isBare: boolean): void {
    const { notes, journal, ...others } = documentOf(copy);
    const rows = this.#opened.rows(NOTES);
    const isOlder = (key: string): boolean => rows.versionOf(key) <= versionIn(journal);
    this.#texts += 1;
    const mine = { key: keyOf(edit.put), version: 99, text: `text ${this.#texts}` };
    const drop = keyOf(edit.drop);
    const kept = notes.filter(({ key }) => key !== mine.key && key !== drop);
    const edited = { ...others, notes: [...kept, mine], ...(isBare ? {} : { journal }) };
    this.#machine.disk.edit(this.#machine.path('notes.json'), JSON.stringify(edited));
    if (isOlder(drop)) this.#notes = after(this.#notes, { key: drop, text: null });
    if (isOlder(mine.key)) this.#notes = after(this.#notes, mine);
  }

  #expect(holds: boolean, what: string): void {
    if (!holds) throw new Error(`it does not hold that ${what}`);
  }
}
