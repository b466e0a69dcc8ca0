import { expect, it } from '@jest/globals';
import { NoteMachine, NOTES, notesOf, put, TAGS } from './testing/notes.ts';

it('a look that is joined sees an edit of a file that it had passed', async () => {
  const machine = new NoteMachine();
  const store = await machine.open();
  await put(store, 'a', 'one');
  await put(store, 'a', 'one', TAGS);
  await machine.clock.advance(1_000);
  const change = (name: string, from: string, to: string): void =>
    machine.disk.edit(machine.path(name), (machine.disk.text(machine.path(name)) ?? '').replace(from, to));
  let joined: Promise<void> | undefined;
  store.rows(TAGS).onChange(() => {
    change('notes.json', '"text": "one"', '"text": "later"');
    joined = store.look();
  });
  change('tags.json', '"text": "one"', '"text": "edited"');
  await store.look();
  await joined;
  expect([notesOf(store, NOTES), notesOf(store, TAGS)]).toEqual([{ a: 'later' }, { a: 'edited' }]);
  await store.close();
});
