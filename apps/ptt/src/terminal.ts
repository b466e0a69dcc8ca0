import type { JsonValue } from '#libs/kernel';

/** Where a command's words go, so that a test can read them. */
export interface Terminal {
  /** The result: what a script would read. */
  out(line: string): void;
  /** What is said to a person. */
  err(line: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How the command that runs will end. */
export interface Ending {
  /** 0 unless the command says otherwise. */
  exitCode: number;
}

/** How a command ends. 0 when all went well. */
export const EXIT = {
  ok: 0,
  /** The service understood and refused. */
  refused: 1,
  /** The command line, the configuration or a file was wrong; nothing was changed. */
  usage: 2,
  /** The service could not be reached, or failed. */
  unavailable: 3,
} as const;

/** Rows under headings, padded; what a cell cannot hold in one line is shortened at its end. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.min(60, Math.max(heading.length, ...rows.map((row) => (row[column] ?? '').length))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((text, column) => {
        const width = widths[column] ?? 0;
        return (text.length > width ? `${text.slice(0, width - 1)}…` : text).padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [line(headings), ...rows.map(line)].join('\n');
}

/** One line for a cell: texts as they are, all else as JSON. */
export function cell(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '-';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
