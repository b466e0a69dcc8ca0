import { make } from './dom.ts';

const ROWS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['Space'], 'plays and pauses'],
  [['←', '→'], 'go to the previous and to the next thing that happens'],
  [['Page Up', 'Page Down'], 'go half a window back and on'],
  [['Home', 'End'], 'go to the start and to the end'],
  [['F'], 'goes to the failure'],
  [['+', '−'], 'zoom'],
];

const SIGNS =
  'Calls are drawn through, replies dashed, events dotted; what is lost ends in a cross. A square is a commit, ' +
  'a circle an answer, a triangle a load, a diamond a note. Hatched bands are faults. What is yet to come is pale. ' +
  'At speed × 1 a second of the run takes a second.';

/** What the keys do and the signs mean. */
export function help(): HTMLElement {
  const keys = ROWS.flatMap(([names, what], row) => [
    row === 0 ? '' : ', ',
    ...names.flatMap((name) => [make('kbd', {}, name), ' ']),
    what,
  ]);
  return make('details', {}, make('summary', {}, 'Keys and signs'), make('p', {}, ...keys, '.'), make('p', {}, SIGNS));
}
