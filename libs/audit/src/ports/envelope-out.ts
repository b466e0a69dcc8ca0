/** Where envelopes are mirrored to. */
export abstract class EnvelopeOut {
  /** Takes one line, with its line end. It never throws and never waits: a mirror cannot stop a change. */
  abstract write(line: string): void;
  /** Resolves when what was taken is out, or cannot get out any more. */
  abstract close(): Promise<void>;
}
