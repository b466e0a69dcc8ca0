import { MARKS, type Mark, type Ratios } from './floors.ts';
import { median, spread } from './statistics.ts';

const FIRST = 30;
const COLUMN = 24;

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function row(title: string, ...cells: readonly string[]): void {
  say(`  ${title.padEnd(FIRST)}${cells.map((cell) => cell.padStart(COLUMN)).join('')}`);
}

/** Every ratio beside its aim and its floor. @returns the titles of those below their floor */
export function sum(ratios: Ratios): readonly string[] {
  const missed: string[] = [];
  say('\nRatios, median and spread of the rounds');
  for (const [name, mark] of Object.entries(MARKS)) {
    const found = Object.entries(ratios).find(([of]) => of === name)?.[1] ?? [];
    if (found.length === 0) continue;
    const holds = isHeld(mark, median(found));
    if (!holds) missed.push(mark.title);
    const bound = mark.kind === 'least' ? '≥' : '≤';
    const aim = mark.aim === null ? '' : `aim ${bound} ${mark.aim}`;
    const floor = mark.floor === null ? '' : `floor ${bound} ${mark.floor}`;
    say(
      `  ${mark.title.padEnd(50)}${spread(found).padStart(22)}   ${aim.padEnd(12)}${floor}${holds ? '' : '  MISSED'}`,
    );
  }
  return missed;
}

function isHeld({ kind, floor }: Mark, value: number): boolean {
  if (floor === null) return true;
  return kind === 'least' ? value >= floor : value <= floor;
}
