import { describe, expect, it } from '@jest/globals';
import { BusUnreachable } from '#libs/bus';
import { TierUnreachable } from '#libs/cache';
import { AdminRefused, AdminUnreachable, DeadlinePassed } from '#libs/gate';
import { IssuerUnreachable } from '#libs/identity';
import { type ErrorCode, PttError } from '#libs/kernel';
import { ConnectionLost } from '../net/network.ts';
import { isAnswer, isOutage, TimedOut } from './outages.ts';

const ours = (code: ErrorCode): PttError => new PttError(code, { detail: 'It is so.' });

describe('what production reports', () => {
  it.each([
    new TierUnreachable('no answer'),
    new BusUnreachable('c', 'no answer'),
    new ConnectionLost('ff'),
    new DeadlinePassed('too late'),
    new IssuerUnreachable('no answer'),
    ours('store_unavailable'),
    ours('store_overloaded'),
    ours('issuer_unavailable'),
  ])('may come of a fault of a world: %s', (failure) => {
    expect(isOutage(failure)).toBe(true);
  });

  // Admin is asked for what it has, and says an answer for each question: nothing in a world has it do otherwise.
  it.each([
    new TypeError('x is not a function'),
    new Error('the issuer did not answer'),
    new AdminRefused('invalid_field'),
    new AdminUnreachable('1 answers to 2 questions'),
    ours('internal'),
    ours('invalid_field'),
    'a text',
    undefined,
  ])('is an exception otherwise: %s', (failure) => {
    expect(isOutage(failure)).toBe(false);
  });
});

describe('what a caller gets', () => {
  it.each([ours('role_missing'), ours('store_unavailable'), new ConnectionLost('ff'), new TimedOut()])(
    'is an answer, or none: %s',
    (failure) => {
      expect(isAnswer(failure)).toBe(true);
    },
  );

  it.each([ours('internal'), new TierUnreachable('no answer'), new DeadlinePassed('too late'), new TypeError('no')])(
    'is never what has to stay inside: %s',
    (failure) => {
      expect(isAnswer(failure)).toBe(false);
    },
  );
});
