import type { ErrorCode } from './error-codes.generated.ts';
import type { JsonObject } from './json.ts';

/** One thing that was wrong with what came in. */
export interface Fault {
  /** RFC 6901 JSON pointer to the field; `#/header/…`, `#/path/…`, `#/query/…` outside a body. */
  readonly pointer: string;
  readonly detail: string;
}

export interface PttErrorDetails {
  /** What was wrong and what to do, in words for the caller. Never a secret, a token or a stack. */
  readonly detail: string;
  readonly pointer?: string;
  /** All faults, where there may be several. */
  readonly faults?: readonly Fault[];
  /** Members of the answer that belong to this code, such as `expected_sequence`. */
  readonly extensions?: JsonObject;
  /** The error below, for the log only. */
  readonly cause?: unknown;
}

/** The only error meant for callers: its code is one of the closed set in contracts/errors.json. */
export class PttError extends Error {
  override readonly name = 'PttError';
  readonly code: ErrorCode;
  readonly pointer: string | null;
  readonly faults: readonly Fault[];
  readonly extensions: JsonObject;

  constructor(code: ErrorCode, details: PttErrorDetails) {
    super(details.detail, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.pointer = details.pointer ?? null;
    this.faults = details.faults ?? [];
    this.extensions = details.extensions ?? {};
  }
}
