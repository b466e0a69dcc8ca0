import { describe, expect, it } from '@jest/globals';
import { failure, outcome, SPEC } from '../testing/index.ts';
import { exceptionFailure, failureLine, isSameFailure } from './outcome.ts';
import { commandOf } from './spec.ts';

describe('a failure', () => {
  it('is one line with everything that finds it again', () => {
    const failed = outcome({ seed: 42, failure: failure({ detail: 'version 1 was served\nafter 2' }) });
    expect(failureLine(failed, 'a1b2c3d', commandOf({ ...SPEC, seed: 42 }))).toBe(
      'I2 violated (safety); seed 42; commit a1b2c3d; at 12.346 s; replica ff-2; key ptt:ff:flag:ff.a; ' +
        'version 1 was served; again: npx ptt simulate --seed 42',
    );
  });

  it('of an exception is its first line', () => {
    const failed = outcome({ failure: exceptionFailure(new RangeError('too far'), 5) });
    expect(failureLine(failed, '-', 'c')).toBe(
      'exception; seed 1; commit -; at 0.005 s; replica -; key -; RangeError: too far; again: c',
    );
    expect(exceptionFailure('gone', 0).detail).toBe('gone');
  });

  it('is the same one where the same promise broke in the same way, or the same exception came', () => {
    const thrown = (text: string) => exceptionFailure(new Error(text), 0);
    const served = (version: number, by: string) =>
      failure({ detail: `version ${version} was served by ${by}, as {"on":{"version":${version}}}, and why` });
    expect(isSameFailure(served(1, 'ff-1'), { ...served(12, 'ff-3'), at: 9, key: null })).toBe(true);
    expect(isSameFailure(served(1, 'ff-1'), failure({ detail: 'version 1 was shared' }))).toBe(false);
    expect(isSameFailure(failure(), failure({ invariant: 'I3' }))).toBe(false);
    expect(isSameFailure(thrown('a'), thrown('a'))).toBe(true);
    expect(isSameFailure(thrown('a'), thrown('b'))).toBe(false);
    expect(isSameFailure(failure(), null)).toBe(false);
  });
});

describe('the command that runs it again', () => {
  it('says what is not as it is without saying', () => {
    expect(commandOf({ ...SPEC, seed: 7 })).toBe('npx ptt simulate --seed 7');
    const other = { seed: 7, replicas: 5, faults: ['bus-cut', 'ff-crash'], mode: 'liveness', bug: 'b' } as const;
    expect(commandOf({ ...SPEC, ...other })).toBe(
      'npx ptt simulate --seed 7 --replicas 5 --faults bus-cut,ff-crash --mode liveness --bug b',
    );
    expect(commandOf({ ...SPEC, faults: 'none' })).toBe('npx ptt simulate --seed 1 --faults none');
  });
});
