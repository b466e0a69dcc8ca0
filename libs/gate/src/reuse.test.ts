import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { LIMITS, InvariantError } from '#libs/kernel';
import { ManualClock } from '#libs/platform/testing';
import type { SensitiveCheck } from './approval-check.ts';
import { decisionOf } from './gate-decision.ts';
import { questionKey, Reuse } from './reuse.ts';
import { allowing, denying } from './testing/index.ts';

const ALLOW = decisionOf(allowing());
const DENY = decisionOf(denying('approval_missing'));

function check(target_id: string, matrix_row = 'row'): SensitiveCheck {
  return { target_type: 'feature_flag', target_id, matrix_row };
}

function target(target_id: string) {
  return { target_type: 'feature_flag', target_id };
}

function setUp(reuseMs = 5_000) {
  const clock = new ManualClock();
  const reuse = new Reuse(clock, reuseMs);
  const keep = (of: SensitiveCheck, decision = ALLOW, validForMs = 60_000, subject = 's') => {
    const question = reuse.sent(of, questionKey(of, subject));
    reuse.keep(question, decision, validForMs);
    reuse.close(question);
  };
  const has = (of: SensitiveCheck, subject = 's') => reuse.allowFor(questionKey(of, subject)) !== null;
  return { clock, reuse, keep, has };
}

describe('reuse of allows', () => {
  it('answers the same question again, and only that', () => {
    const { reuse, keep, has } = setUp();
    keep(check('ff.a'));
    expect(reuse.allowFor(questionKey(check('ff.a'), 's'))).toBe(ALLOW);
    expect(has(check('ff.b'))).toBe(false);
    expect(has(check('ff.a', 'other-row'))).toBe(false);
    expect(has(check('ff.a'), 'other subject')).toBe(false);
  });

  it('counts from when the question was sent, not from its answer', async () => {
    const { clock, reuse, has } = setUp(5_000);
    const question = reuse.sent(check('ff.a'), questionKey(check('ff.a'), 's'));
    await clock.advance(800);
    reuse.keep(question, ALLOW, 60_000);
    await clock.advance(4_199);
    expect(has(check('ff.a'))).toBe(true);
    await clock.advance(1);
    expect(has(check('ff.a'))).toBe(false);
    expect(reuse.size).toBe(0);
  });

  it('ends with valid_for_ms when that is sooner', async () => {
    const { clock, keep, has } = setUp(5_000);
    keep(check('ff.a'), ALLOW, 300);
    await clock.advance(299);
    expect(has(check('ff.a'))).toBe(true);
    await clock.advance(1);
    expect(has(check('ff.a'))).toBe(false);
  });

  it('runs on the monotonic clock, whatever the wall clock does', () => {
    const { clock, keep, has } = setUp();
    keep(check('ff.a'));
    clock.step(86_400_000);
    expect(has(check('ff.a'))).toBe(true);
    clock.step(-2 * 86_400_000);
    expect(has(check('ff.a'))).toBe(true);
  });

  it('keeps nothing at 0, nothing that is over already, and no denial', async () => {
    const none = setUp(0);
    none.keep(check('ff.a'));
    expect(none.reuse.size).toBe(0);
    const some = setUp(5_000);
    some.keep(check('ff.a'), ALLOW, 0);
    some.keep(check('ff.b'), DENY);
    const slow = some.reuse.sent(check('ff.c'), questionKey(check('ff.c'), 's'));
    await some.clock.advance(5_000);
    some.reuse.keep(slow, ALLOW, 60_000);
    expect(some.reuse.size).toBe(0);
  });

  it('takes 0 to 30 s', () => {
    expect(() => new Reuse(new ManualClock(), 30_000)).not.toThrow();
    expect(() => new Reuse(new ManualClock(), 30_001)).toThrow(InvariantError);
    expect(() => new Reuse(new ManualClock(), -1)).toThrow('PTT_GATE_REUSE_MS is 0 to 30000');
  });

  it('drops every allow of a refreshed target, and no other', () => {
    const { reuse, keep, has } = setUp();
    keep(check('ff.a'));
    keep(check('ff.a', 'other-row'));
    keep(check('ff.a'), ALLOW, 60_000, 'other subject');
    keep(check('ff.b'));
    reuse.onRefresh({ target_type: 'elsewhere', target_id: 'ff.a' });
    expect(reuse.size).toBe(4);
    reuse.onRefresh(target('ff.a'));
    expect(reuse.size).toBe(1);
    expect(has(check('ff.b'))).toBe(true);
    keep(check('ff.a'));
    expect(has(check('ff.a'))).toBe(true);
    reuse.onRefresh(target('ff.a'));
    expect(has(check('ff.a'))).toBe(false);
  });

  it('does not keep what was on its way while its target was refreshed', () => {
    const { reuse, has } = setUp();
    const [a, b] = [check('ff.a'), check('ff.b')].map((of) => ({ of, open: reuse.sent(of, questionKey(of, 's')) }));
    reuse.onRefresh(target('ff.a'));
    for (const question of [a, b]) {
      if (question === undefined) continue;
      reuse.keep(question.open, ALLOW, 60_000);
      reuse.close(question.open);
    }
    expect(has(check('ff.a'))).toBe(false);
    expect(has(check('ff.b'))).toBe(true);
  });

  it('drops all, and keeps nothing that was on its way', () => {
    const { reuse, keep, has } = setUp();
    keep(check('ff.a'));
    const open = reuse.sent(check('ff.b'), questionKey(check('ff.b'), 's'));
    reuse.dropAll();
    reuse.keep(open, ALLOW, 60_000);
    reuse.close(open);
    expect(reuse.size).toBe(0);
    keep(check('ff.c'));
    expect(has(check('ff.c'))).toBe(true);
    reuse.onRefresh(target('ff.c'));
    expect(reuse.size).toBe(0);
  });

  it('forgets the question once it is closed', () => {
    const { reuse } = setUp();
    const open = reuse.sent(check('ff.a'), 'key');
    reuse.close(open);
    reuse.dropAll();
    reuse.onRefresh(target('ff.a'));
    expect(open.isSpoilt).toBe(false);
  });

  it('is bounded, and lets go of the one kept first', () => {
    const { reuse, keep, has } = setUp();
    for (let n = 0; n < LIMITS.reusableAllows; n++) keep(check(`ff.n${n}`));
    keep(check('ff.n0'));
    expect(reuse.size).toBe(LIMITS.reusableAllows);
    expect(has(check('ff.n1'))).toBe(true);
    keep(check('ff.one_more'));
    expect(reuse.size).toBe(LIMITS.reusableAllows);
    expect(has(check('ff.n0'))).toBe(true);
    expect(has(check('ff.n1'))).toBe(false);
    expect(has(check('ff.n2'))).toBe(true);
    // What went left no trace by which a refresh could find it.
    reuse.onRefresh(target('ff.n1'));
    expect(reuse.size).toBe(LIMITS.reusableAllows);
  });

  it('still finds an allow by its target after another of that target ended', async () => {
    const { clock, reuse, keep, has } = setUp();
    keep(check('ff.a', 'short'), ALLOW, 10);
    keep(check('ff.a', 'long'));
    await clock.advance(10);
    expect(has(check('ff.a', 'short'))).toBe(false);
    reuse.onRefresh(target('ff.a'));
    expect(has(check('ff.a', 'long'))).toBe(false);
  });

  it('has one key for each question', () => {
    const parts = fc.tuple(
      fc.string(),
      fc.string(),
      fc.string().map((subject) => JSON.stringify([subject])),
    );
    fc.assert(
      fc.property(parts, parts, (left, right) => {
        const same = left.every((part, index) => part === right[index]);
        const [leftKey, rightKey] = [left, right].map(([id, row, subject]) => questionKey(check(id, row), subject));
        expect(leftKey === rightKey).toBe(same);
      }),
    );
  });
});
