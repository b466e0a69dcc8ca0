import { type ErrorCode, type Fault, type JsonObject, PttError } from '#libs/kernel';

/** Why a command was refused, as data: a refusal may have to be recorded before the caller hears of it. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly pointer?: string;
  readonly faults?: readonly Fault[];
  readonly extensions?: JsonObject;
}

/** What became of a command. */
export type Outcome<Accepted> = { readonly accepted: Accepted } | { readonly refused: Refusal };

/** What was accepted. @throws PttError the refusal, in the caller's words. */
export function settled<Accepted>(outcome: Outcome<Accepted>): Accepted {
  if ('refused' in outcome) throw new PttError(outcome.refused.code, outcome.refused);
  return outcome.accepted;
}
