import { isJsonObject, type JsonObject, type JsonValue } from '#libs/kernel';
import type { FileStore } from '../index.ts';
import { NoteMachine, put } from './notes.ts';

/** The snapshot of the notes, as a path. */
export const FILE = '/data/ff/notes.json';

/** A store with a note `a` and a note `b`, whose snapshot is up to date. */
export async function opened(machine: NoteMachine): Promise<FileStore> {
  const store = await machine.open();
  await put(store, 'a', 'one');
  await put(store, 'b', 'two');
  await machine.clock.advance(1_000);
  return store;
}

/** A note as an editor leaves it: its version is none of ours. */
export const note = (key: string, text: string): JsonObject => ({ key, version: 77, text });

/** Replaces the notes in the snapshot, and the members that are given. */
export function edit(machine: NoteMachine, notes: readonly JsonValue[], changed: JsonObject = {}): void {
  const document = machine.document('notes.json');
  machine.disk.edit(FILE, JSON.stringify({ ...(isJsonObject(document) ? document : {}), notes, ...changed }));
}

/** Another machine, later, that was given a copy of the journal as it is now. */
export async function forkOf(machine: NoteMachine): Promise<NoteMachine> {
  const fork = new NoteMachine();
  fork.clock.step(1);
  await fork.disk.mkdir(fork.folder);
  fork.disk.edit(fork.path('journal.log'), machine.disk.text(machine.path('journal.log')) ?? '');
  return fork;
}
