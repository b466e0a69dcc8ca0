import { expect, it } from '@jest/globals';
import { encodeFrame } from './frame.ts';
import { NoteMachine, notesOf } from './testing/notes.ts';

const journal = (machine: NoteMachine): string => machine.path('journal.log');
const lineOf = (row: unknown): string =>
  JSON.stringify({
    line: 2,
    table: 'notes',
    at: '2026-01-01T00:00:00.000Z',
    version: 2,
    changes: [{ key: 'b', version: 2, row }],
    records: [],
    messages: [],
  });

it.each([
  ['line', '{"line":2}'],
  ['row', lineOf({ key: 'b', text: 7 })],
])('a reader never passes a %s by that it cannot read', async (_what, line) => {
  const machine = new NoteMachine();
  await machine.writeFrames(['a']);
  const reader = await machine.openReader();
  const whole = machine.disk.text(journal(machine)) ?? '';
  machine.disk.edit(journal(machine), whole + encodeFrame(2, [line]).toString());
  await expect(reader.look()).rejects.toThrow(/cannot be read|text is no text/);
  await expect(reader.look()).rejects.toThrow(/cannot be read|text is no text/);
  expect([reader.line, notesOf(reader)]).toEqual([1, { a: 'a' }]);
  machine.disk.edit(journal(machine), whole + encodeFrame(2, [lineOf({ key: 'b', text: 'two' })]).toString());
  await reader.look();
  expect([reader.line, notesOf(reader)]).toEqual([2, { a: 'a', b: 'two' }]);
});
