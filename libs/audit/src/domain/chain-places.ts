import type { Envelope } from '#libs/kernel';
import type { AuditCursor } from './cursor.ts';

/** In which line of a journal a record stands. */
interface Place {
  readonly sequence: number;
  readonly line: number;
}

/** Between two places that are kept of a chain: so many records at most are read once more. */
const SPACING = 256;

/**
 * Where some records of each chain stand in a journal that holds them, so that a search need not begin at its first
 * line. Whoever reads the journal tells of the records passed; each reading begins where an earlier one has been, or at
 * the first line, so what is known has no gaps.
 */
export class ChainPlaces {
  readonly #bySource = new Map<string, Place[]>();

  passed({ event: { source }, sequence }: Envelope, line: number): void {
    if (sequence === null) return;
    const places = this.#bySource.get(source) ?? [];
    const last = places.at(-1);
    if (last !== undefined && sequence < last.sequence + SPACING) return;
    places.push({ sequence, line });
    this.#bySource.set(source, places);
  }

  /**
   * A line before which there is nothing that the cursor has not passed.
   * @param source the only chain that is looked into; null: every one
   */
  lineBehind(cursor: AuditCursor, source: string | null): number {
    const lines = [...this.#bySource].flatMap(([of, places]) => {
      if (source !== null && of !== source) return [];
      const next = (cursor.get(of) ?? 0) + 1;
      return (places.findLast(({ sequence }) => sequence <= next) ?? places[0])?.line ?? 1;
    });
    return lines.length === 0 ? 1 : Math.min(...lines);
  }
}
