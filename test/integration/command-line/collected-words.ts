import type { Terminal } from '#apps/ptt';

/** A terminal that keeps what is said, apart by where it is said. */
export class CollectedWords implements Terminal {
  readonly outLines: string[] = [];
  readonly errLines: string[] = [];

  constructor(readonly env: Terminal['env'] = {}) {}

  out(line: string): void {
    this.outLines.push(line);
  }

  err(line: string): void {
    this.errLines.push(line);
  }

  get outText(): string {
    return this.outLines.join('\n');
  }

  get errText(): string {
    return this.errLines.join('\n');
  }
}
