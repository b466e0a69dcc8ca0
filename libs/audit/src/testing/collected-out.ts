import { EnvelopeOut } from '../ports/envelope-out.ts';

/** Keeps the lines instead of writing them. */
export class CollectedOut extends EnvelopeOut {
  readonly lines: string[] = [];

  write(line: string): void {
    this.lines.push(line);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
