import { describe, expect, it } from '@jest/globals';
import { settle } from '../testing/index.ts';
import { FILE, opened } from './testing/edits.ts';
import { FORBIDDEN, NoteMachine, notesOf } from './testing/notes.ts';

describe('somebody else’s edit', () => {
  it.each<[string, string | Uint8Array, readonly object[]]>([
    ['no JSON', '{\n  "notes": [\n    { "key": "a", }\n  ]\n}', [{ pointer: '', line: 3, column: 19 }]],
    ['comments', '{ // mine\n "notes": [] }', [{ line: 1, column: 3 }]],
    ['an empty file', '', [{ line: 1, column: 1 }]],
    ['no UTF-8', new Uint8Array([123, 255, 125]), [{ line: 1, column: 1, detail: 'The file is not UTF-8.' }]],
    ['no object', '[]', [{ pointer: '/journal', line: 1, column: 1 }]],
    [
      'a journal that is not ours',
      '{\n "notes": [],\n "journal": {} }',
      [{ pointer: '/journal', line: 3, column: 13 }],
    ],
    ['no rows', '{ "nots": [] }', [{ pointer: '', line: 1, column: 1, detail: 'notes is no list.' }]],
    [
      'a wrong row',
      '{ "notes": [\n  { "key": "a", "text": "x" },\n  { "key": "b",\n    "text": 7 } ] }',
      [{ pointer: '/notes/1/text', line: 4, column: 13, detail: 'text is no text.' }],
    ],
    [
      'a row that lacks something',
      '{ "notes": [\n  { "text": "x" } ] }',
      [{ pointer: '/notes/0/key', line: 2, column: 3 }],
    ],
    [
      'a key twice',
      '{ "notes": [{ "key": "a", "text": "1" }, { "key": "a", "text": "2" }] }',
      [{ pointer: '', detail: 'The key a is there twice.' }],
    ],
    [
      'what may not be',
      `{ "notes": [\n\n { "key": "z", "text": "${FORBIDDEN}" }] }`,
      [{ pointer: '/notes/0/text', line: 3, column: 24 }],
    ],
    [
      'a position that the journal never had',
      '{ "notes": [], "journal": { "id": null, "line": 0, "offset": 1, "version": 9, "chain": { "sequence": 0, "hash": "" }, "tombstones": [] } }',
      [{ pointer: '/journal', line: 1, column: 27 }],
    ],
    ['nesting without end', `{ "notes": ${'['.repeat(200_000)}${']'.repeat(200_000)} }`, [{ pointer: '/notes/0' }]],
  ])('with %s changes nothing and is set aside, with its place named', async (_what, bad, faults) => {
    const machine = new NoteMachine();
    const store = await opened(machine);
    machine.disk.edit(FILE, bad);
    await store.look();
    expect(notesOf(store)).toEqual({ a: 'one', b: 'two' });
    expect(store.line).toBe(2);
    expect(machine.notices).toMatchObject([
      { kind: 'edit_rejected', folder: machine.folder, file: 'notes.json', keptAs: 'notes.json.rejected-1', faults },
    ]);
    await machine.clock.advance(1_000);
    expect(machine.document('notes.json')).toMatchObject({
      notes: [{ text: 'one' }, { text: 'two' }],
      journal: { line: 2 },
    });
    expect(machine.disk.text(machine.path('notes.json.rejected-1'))).not.toBeNull();
    await store.close();
    await (await machine.open()).close();
    expect(machine.notices).toEqual([]);
  });

  it('that is bad is set aside under a number of its own, at start too', async () => {
    const machine = new NoteMachine();
    const store = await opened(machine);
    for (const kept of ['notes.json.rejected-1', 'notes.json.rejected-2']) {
      machine.disk.edit(FILE, `no JSON, ${kept}`);
      await store.look();
      await settle();
      expect(machine.disk.text(machine.path(kept))).toBe(`no JSON, ${kept}`);
    }
    await store.close();
    machine.disk.edit(FILE, 'no JSON either');
    const again = await machine.open();
    expect(machine.notices).toMatchObject([
      {
        kind: 'edit_rejected',
        keptAs: 'notes.json.rejected-3',
        detail: expect.stringMatching(
          /^The edit of notes\.json cannot be served\. Line 1, column 1: The file is not JSON/,
        ),
      },
    ]);
    expect(notesOf(again)).toEqual({ a: 'one', b: 'two' });
    await again.close();
  });

  it('that may still be being written is given 50 ms', async () => {
    const machine = new NoteMachine();
    const store = await opened(machine);
    const young = BigInt(machine.clock.now()) * 1_000_000n;
    machine.disk.edit(FILE, '{ "notes": [{ "key": "a", "te', young);
    const looking = store.look();
    await machine.clock.advance(49);
    expect(machine.notices).toEqual([]);
    machine.disk.edit(FILE, '{ "notes": [{ "key": "a", "text": "copied" }] }', young);
    await machine.clock.advance(1);
    await looking;
    expect(notesOf(store)).toEqual({ a: 'copied' });
    machine.disk.edit(FILE, '{ "notes": [{ "key": "a", "te', BigInt(machine.clock.now()) * 1_000_000n);
    const rejecting = store.look();
    await machine.clock.advance(50);
    await rejecting;
    expect(machine.notices.at(-1)).toMatchObject({ kind: 'edit_rejected' });
    await store.close();
  });

  it('whose time lies in the future is set aside at once', async () => {
    const machine = new NoteMachine();
    const store = await opened(machine);
    machine.disk.edit(FILE, 'no JSON', BigInt(machine.clock.now() + 3_600_000) * 1_000_000n);
    const looking = store.look();
    await settle();
    expect(machine.notices).toMatchObject([{ kind: 'edit_rejected', keptAs: 'notes.json.rejected-1' }]);
    await looking;
    await store.close();
  });

  it('that cannot be set aside stays where it is and is not looked at again', async () => {
    const machine = new NoteMachine();
    const store = await opened(machine);
    machine.disk.edit(FILE, 'no JSON');
    machine.disk.fail('rename', /notes\.json$/);
    await store.look();
    expect(machine.notices).toMatchObject([{ kind: 'snapshot_failed', file: 'notes.json', cause: { code: 'EIO' } }]);
    expect(store.look()).toBeUndefined();
    expect(machine.disk.text(FILE)).toBe('no JSON');
    await store.close();
  });
});
