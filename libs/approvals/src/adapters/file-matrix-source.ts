import { PttError } from '#libs/kernel';
import { type Disk, faultsOf, type FileFault, type FileStamp, locate, readJson } from '#libs/platform';
import { type Matrix, parseMatrix } from '../domain/index.ts';
import { MatrixSource } from '../ports/matrix-source.ts';

export interface FileMatrixOptions {
  readonly disk: Disk;
  /** e.g. `.data/admin/approval_matrix.json`. */
  readonly path: string;
  /** Told once of each bad file; the last good matrix stays in force. */
  readonly report: (fault: unknown) => void;
}

/** The matrix of a file that people edit. A look at the file costs a `stat`; it is read when that has changed. */
export class FileMatrixSource extends MatrixSource {
  #stamp: FileStamp | undefined;
  /** The look at the file that is under way, if any: nobody is answered past an edit that was there before they asked. */
  #reading: Promise<void> | null = null;

  private constructor(
    private readonly options: FileMatrixOptions,
    private matrix: Matrix,
    stamp: FileStamp | undefined,
  ) {
    super();
    this.#stamp = stamp;
  }

  /** @throws PttError `config_invalid` when there is no file, or it does not hold: without a policy nothing starts. */
  static async open(options: FileMatrixOptions): Promise<FileMatrixSource> {
    const stamp = options.disk.stat(options.path);
    return new FileMatrixSource(options, await readMatrix(options), stamp);
  }

  async current(): Promise<Matrix> {
    const stamp = this.options.disk.stat(this.options.path);
    if (!isSame(stamp, this.#stamp)) {
      this.#stamp = stamp;
      // One after another: an older read that ends last must not bring the older policy back.
      this.#reading = this.#readAfter(this.#reading);
    }
    await this.#reading;
    return this.matrix;
  }

  async #readAfter(earlier: Promise<void> | null): Promise<void> {
    await earlier;
    try {
      this.matrix = await readMatrix(this.options);
    } catch (fault) {
      this.options.report(fault);
    }
  }
}

async function readMatrix({ disk, path }: FileMatrixOptions): Promise<Matrix> {
  const bytes = await disk.read(path);
  if (bytes === null) throw new PttError('config_invalid', { detail: `There is no approval matrix at ${path}.` });
  const read = readJson(bytes);
  if ('faults' in read) throw notHeld(path, read.faults);
  try {
    return parseMatrix(read.value);
  } catch (error) {
    throw notHeld(path, locate(bytes, faultsOf(error)), error);
  }
}

/** Every fault with its place in the file, for who edits it. */
function notHeld(path: string, found: readonly FileFault[], cause?: unknown): PttError {
  const faults = found.map(({ pointer, line, column, detail }) => ({
    pointer,
    detail: `line ${line}, column ${column}: ${detail}`,
  }));
  const detail = `${path} does not hold; ${faults.map((fault) => fault.detail).join('; ')}`;
  return new PttError('config_invalid', { detail, faults, cause });
}

function isSame(one: FileStamp | undefined, other: FileStamp | undefined): boolean {
  return (
    one?.dev === other?.dev && one?.ino === other?.ino && one?.size === other?.size && one?.mtimeNs === other?.mtimeNs
  );
}
