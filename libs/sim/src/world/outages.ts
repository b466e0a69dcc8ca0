import { BusUnreachable } from '#libs/bus';
import { TierUnreachable } from '#libs/cache';
import { DeadlinePassed } from '#libs/gate';
import { IssuerUnreachable } from '#libs/identity';
import { PttError } from '#libs/kernel';
import { ConnectionLost } from '../net/network.ts';

/** A caller has given up. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';
}

/** How production meets the faults of a world: something was not reached, or not in time. */
const OUTAGES: readonly (abstract new (...words: never[]) => Error)[] = [
  TierUnreachable,
  BusUnreachable,
  ConnectionLost,
  DeadlinePassed,
  IssuerUnreachable,
];

/**
 * Whether the faults of a world can cause this failure. Production goes on over whatever fails below it, and so hides
 * its own exceptions as outages, unless what it reports is held against this.
 */
export function isOutage(failure: unknown): boolean {
  if (failure instanceof PttError) return failure.code.startsWith('store_') || failure.code === 'issuer_unavailable';
  return OUTAGES.some((outage) => failure instanceof outage);
}

/** Whether whoever called has to live with it: it was refused in the words that there are for that, or nobody answered. */
export function isAnswer(failure: unknown): boolean {
  if (failure instanceof PttError) return failure.code !== 'internal';
  return failure instanceof ConnectionLost || failure instanceof TimedOut;
}
