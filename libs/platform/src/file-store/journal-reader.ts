import type { Frame } from './frame-scanner.ts';
import { decodeLine, type StoredLine, tableOf } from './journal-line.ts';
import { BEGINNING, headAfter, isSamePosition, journalDamaged, journalId, type Position } from './position.ts';

const NEWLINE = 10;

/** Puts frames together to a journal: checks that each continues the one before, and reads their lines. */
export class JournalReader {
  readonly #path: string;
  position: Position;

  constructor(path: string, position: Position = BEGINNING) {
    this.#path = path;
    this.position = position;
  }

  /**
   * Reads a frame.
   * @param isWanted false for lines that need not be parsed; what they say of version and chain is then passed over
   * @returns the wanted lines
   * @throws PttError journal_damaged
   */
  read(frame: Frame, isWanted: (line: number, table: string | null) => boolean = () => true): readonly StoredLine[] {
    this.pass(frame);
    const { first, count, offset } = frame;
    const texts = Buffer.from(frame.body.buffer, frame.body.byteOffset, frame.body.length).toString().split('\n');
    if (texts.length !== count + 1)
      throw this.#damaged(offset, `its frame says ${count} lines, and has ${texts.length - 1}`);
    const lines: StoredLine[] = [];
    for (const [index, text] of texts.slice(0, count).entries()) {
      if (isWanted(first + index, tableOf(text))) lines.push(this.#decode(text, first + index, offset));
    }
    for (const { version, records } of lines) {
      this.position = { ...this.position, version, chain: headAfter(records, this.position.chain) };
    }
    return lines;
  }

  /** Passes a frame by whose lines are all unwanted. @throws PttError journal_damaged */
  pass({ first, count, offset, end, body }: Frame): void {
    if (first !== this.position.line + 1) {
      throw this.#damaged(offset, `line ${this.position.line + 1} is missing, the next one is ${first}`);
    }
    const id = this.position.id ?? journalId(body.subarray(0, body.indexOf(NEWLINE)));
    this.position = { ...this.position, id, line: first + count - 1, offset: end };
  }

  /**
   * Whether it has come to that very position.
   * @param sawRecords whether the last lines had any; where not, they do not tell how far the chain had come
   */
  isAt(position: Position, sawRecords: boolean): boolean {
    return isSamePosition(position, sawRecords ? this.position : { ...this.position, chain: position.chain });
  }

  #decode(text: string, number: number, offset: number): StoredLine {
    let line: StoredLine;
    try {
      line = decodeLine(text);
    } catch (cause) {
      throw this.#damaged(offset, `line ${number} cannot be read`, cause);
    }
    if (line.line !== number) throw this.#damaged(offset, `line ${number} says that it is line ${line.line}`);
    return line;
  }

  #damaged(offset: number, what: string, cause?: unknown): Error {
    return journalDamaged(
      `${this.#path} is damaged in the frame at byte ${offset}: ${what}. Nothing was changed; put a sound copy of the journal in its place.`,
      cause,
    );
  }
}
