/** A file that is made, never edited. */
export interface GeneratedFile {
  /** From the project's root. */
  readonly path: string;
  readonly text: string;
}

export const BANNER = '// Generated from contracts/ by `npm run generate`; do not edit.';
