import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { settle } from '#libs/platform/testing';
import { type EnvelopeLoss, StreamEnvelopeOut } from './stream-envelope-out.ts';

/** A stream whose reader takes one piece each time it is told to. */
class SlowReader extends Writable {
  readonly got: string[] = [];
  #next: ((error?: Error) => void) | null = null;

  constructor() {
    super({ highWaterMark: 10, decodeStrings: true });
  }

  override _write(piece: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.#next = (error) => {
      if (error === undefined) this.got.push(piece.toString('utf8'));
      done(error);
    };
  }

  async take(pieces: number): Promise<void> {
    for (let n = 0; n < pieces; n += 1) {
      this.#next?.();
      await settle();
    }
  }

  async fail(error: Error): Promise<void> {
    this.#next?.(error);
    await settle();
  }
}

function opened(waitingBytes?: number) {
  const reader = new SlowReader();
  const losses: EnvelopeLoss[] = [];
  const out = new StreamEnvelopeOut(reader, (loss) => losses.push(loss), waitingBytes);
  return { reader, losses, out };
}

describe('StreamEnvelopeOut', () => {
  it('writes the lines in order, and keeps those that the reader has not taken yet', async () => {
    const { reader, losses, out } = opened();
    for (const line of ['one\n', 'two, which is longer\n', 'three\n']) out.write(line);
    await reader.take(3);
    expect(reader.got).toEqual(['one\n', 'two, which is longer\n', 'three\n']);
    expect(losses).toEqual([]);
  });

  it('leaves lines out, and says how many, while more waits than may', async () => {
    const { reader, losses, out } = opened(12);
    for (const line of ['1234567\n', '2345678\n', '3\n', '4\n']) out.write(line);
    expect(losses).toEqual([{ kind: 'reader_slow' }]);
    await reader.take(1);
    out.write('5: there is room again, but the hole is one\n');
    await reader.take(1);
    expect(losses).toEqual([{ kind: 'reader_slow' }, { kind: 'reader_back', lines: 3 }]);
    out.write('6\n');
    await reader.take(1);
    expect(reader.got).toEqual(['1234567\n', '2345678\n', '6\n']);
  });

  it('says so each time that it falls behind', async () => {
    const { reader, losses, out } = opened(10);
    for (const line of ['first line that fills\n', 'lost\n']) out.write(line);
    await reader.take(1);
    for (const line of ['again one that fills\n', 'lost\n', 'lost\n']) out.write(line);
    await reader.take(1);
    expect(losses).toEqual([
      { kind: 'reader_slow' },
      { kind: 'reader_back', lines: 1 },
      { kind: 'reader_slow' },
      { kind: 'reader_back', lines: 2 },
    ]);
  });

  it('catches up even where less may wait than the stream takes before it says that it drained', async () => {
    const { reader, losses, out } = opened(1);
    for (const line of ['12345\n', '67890\n', 'lost\n']) out.write(line);
    await reader.take(2);
    out.write('later\n');
    await reader.take(1);
    expect(reader.got).toEqual(['12345\n', '67890\n', 'later\n']);
    expect(losses.map(({ kind }) => kind)).toEqual(['reader_slow', 'reader_back']);
  });

  it('says once that the reader is gone, and lives on', async () => {
    const { reader, losses, out } = opened();
    const cause = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    out.write('one\n');
    await reader.fail(cause);
    out.write('two\n');
    out.write('three\n');
    await out.close();
    expect(losses).toEqual([{ kind: 'stream_failed', cause }]);
    expect(reader.got).toEqual([]);
  });

  it('is closed when all is written', async () => {
    const { reader, out } = opened();
    out.write('one\n');
    let isClosed = false;
    const closed = out.close().then(() => (isClosed = true));
    out.write('too late\n');
    await settle();
    expect(isClosed).toBe(false);
    await reader.take(1);
    await closed;
    expect(reader.got).toEqual(['one\n']);
    await out.close();
  });

  it('is closed too when the reader goes meanwhile, with nothing more to say', async () => {
    const { reader, losses, out } = opened();
    out.write('one\n');
    const closed = out.close();
    await reader.fail(new Error('write EPIPE'));
    await closed;
    expect(losses).toEqual([]);
  });
});
