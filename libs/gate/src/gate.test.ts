import { describe, expect, it } from '@jest/globals';
import { LIMITS } from '#libs/kernel';
import { settle } from '#libs/platform/testing';
import { AdminRefused, AdminUnreachable } from './approval-check.ts';
import type { GateDecision } from './gate-decision.ts';
import { ALLOWED, asker, flag, flags, REFUSED, setUp, UNREACHABLE } from './testing/gate-set-up.ts';
import { allowing, denying } from './testing/index.ts';

describe('gate', () => {
  it('asks nothing for no questions', async () => {
    const { gate, admin, clock } = setUp(() => allowing());
    await expect(gate.check([], asker())).resolves.toEqual([]);
    expect(admin.calls).toHaveLength(0);
    expect(clock.waiting).toBe(0);
  });

  it('passes questions and asker on and answers in order', async () => {
    const { gate, admin, clock } = setUp(({ target_id }) =>
      target_id === 'ff.a' ? allowing() : denying('approval_expired', { ttl_state: 'expired' }),
    );
    const by = asker();
    const questions = [flag('ff.b'), flag('ff.a')];
    const decisions = await gate.check(questions, by);
    expect(decisions.map(({ decision, reason }) => [decision, reason])).toEqual([
      ['deny', 'approval_expired'],
      ['allow', null],
    ]);
    expect(decisions[1]).toEqual(ALLOWED);
    expect(admin.calls.map(({ checks }) => checks)).toEqual([questions]);
    expect(admin.last.by).toBe(by);
    expect(clock.waiting).toBe(0);
  });

  it('asks twice the same only once and answers it twice', async () => {
    const { gate, admin } = setUp(() => allowing());
    const questions = [flag('ff.a'), flag('ff.a', 'other'), flag('ff.a'), flag('ff.a', 'other')];
    await expect(gate.check(questions, asker())).resolves.toEqual([ALLOWED, ALLOWED, ALLOWED, ALLOWED]);
    expect(admin.last.checks).toEqual([flag('ff.a'), flag('ff.a', 'other')]);
    // Kept allows answer duplicates as well.
    await expect(gate.check(questions, asker())).resolves.toHaveLength(4);
    expect(admin.calls).toHaveLength(1);
  });

  it('asks only for what may not be reused', async () => {
    const { gate, admin } = setUp(() => allowing());
    await gate.check([flag('ff.a')], asker());
    const decisions = await gate.check([flag('ff.a'), flag('ff.b')], asker());
    expect(decisions).toEqual([ALLOWED, ALLOWED]);
    expect(admin.last.checks).toEqual([flag('ff.b')]);
    expect(gate.reusableAllows).toBe(2);
  });

  it('sets no timer where it need not ask', async () => {
    const { gate, clock } = setUp(() => allowing());
    await gate.check([flag('ff.a')], asker());
    const { timers } = clock;
    await gate.check([flag('ff.a')], asker());
    await gate.check([], asker());
    expect(clock.timers).toBe(timers);
  });

  it('forgets its questions, whatever became of them', async () => {
    const { gate, admin, clock } = setUp(() => 'hang');
    const hung = gate.check(flags(150), asker());
    await settle();
    expect(gate.questionsUnderWay).toBe(150);
    await clock.advance(1_000);
    await hung;
    expect(gate.questionsUnderWay).toBe(0);
    for (const script of [() => allowing(), () => new AdminRefused('401'), () => new AdminUnreachable('down')]) {
      admin.script = script;
      await gate.check([flag('ff.a'), flag('ff.b')], asker({ id: script.name }));
      expect(gate.questionsUnderWay).toBe(0);
    }
  });

  it('asks 100 in one call and 1000 in ten, all at once', async () => {
    const hundred = setUp(() => allowing());
    await expect(hundred.gate.check(flags(100), asker())).resolves.toHaveLength(100);
    expect(hundred.admin.calls).toHaveLength(1);
    const thousand = setUp(() => 'hold');
    const answer = thousand.gate.check(flags(1_000), asker());
    await settle();
    expect(thousand.admin.calls.map(({ checks }) => checks.length)).toEqual(Array.from({ length: 10 }, () => 100));
    for (const call of thousand.admin.calls.toReversed()) call.answer(call.checks.map(() => allowing()));
    const decisions = await answer;
    expect(decisions).toHaveLength(1_000);
    expect(decisions.every(({ decision }) => decision === 'allow')).toBe(true);
    expect(thousand.admin.calls.flatMap(({ checks }) => checks)).toEqual(flags(1_000));
    expect(thousand.clock.waiting).toBe(0);
  });

  it.each([1, 100, 101, 1_000])('denies %i flags within 1 s when Admin hangs', async (count) => {
    const { gate, clock, admin } = setUp(() => 'hang');
    let decisions: readonly GateDecision[] | null = null;
    void gate.check(flags(count), asker()).then((answer) => (decisions = answer));
    await clock.advance(900);
    expect(admin.calls.every(({ signal }) => signal.aborted)).toBe(true);
    await clock.advance(99);
    expect(decisions).toBeNull();
    await clock.advance(1);
    await settle();
    expect(decisions).toEqual(flags(count).map(() => UNREACHABLE));
    expect(clock.waiting).toBe(0);
  });

  it('denies at 900 ms when the call gives up as told', async () => {
    const { gate, clock } = setUp(() => 'hold');
    let decisions: readonly GateDecision[] | null = null;
    void gate.check([flag('ff.a')], asker()).then((answer) => (decisions = answer));
    await clock.advance(899);
    expect(decisions).toBeNull();
    await clock.advance(1);
    await settle();
    expect(decisions).toEqual([UNREACHABLE]);
  });

  it('answers the batches that came and denies the one that did not', async () => {
    const { gate, clock } = setUp(({ target_id }) => (target_id === 'ff.f150' ? 'hang' : allowing()));
    const answer = gate.check(flags(300), asker());
    await clock.advance(1_000);
    const decisions = await answer;
    expect(decisions.map(({ decision }) => decision)).toEqual(
      Array.from({ length: 300 }, (_, n) => (n >= 100 && n < 200 ? 'deny' : 'allow')),
    );
  });

  it('keeps nothing of an answer that came after the deadline', async () => {
    const { gate, clock, admin } = setUp(() => 'hang');
    const answer = gate.check([flag('ff.a')], asker());
    await clock.advance(1_000);
    await answer;
    admin.last.answer([allowing()]);
    await settle();
    expect(gate.reusableAllows).toBe(0);
  });

  it.each([
    ['too few', []],
    ['too many', [allowing(), allowing()]],
  ])('denies %s answers and counts them as a failure', async (_, answers) => {
    const { gate, admin, reports } = setUp(() => 'hang');
    for (let n = 0; n < LIMITS.breakerFailures; n++) {
      const answer = gate.check([flag('ff.a')], asker());
      admin.last.answer(answers);
      expect(await answer).toEqual([UNREACHABLE]);
    }
    expect(gate.breakerState).toBe('open');
    expect(gate.reusableAllows).toBe(0);
    expect(String(reports[0])).toBe(`AdminUnreachable: ${answers.length} answers to 1 questions`);
  });

  it('denies when Admin is not reached, even when the call throws at once, and says why', async () => {
    const { gate, admin, reports } = setUp(() => new AdminUnreachable('down'));
    await expect(gate.check([flag('ff.a'), flag('ff.b')], asker())).resolves.toEqual([UNREACHABLE, UNREACHABLE]);
    admin.script = () => {
      throw new TypeError('broken');
    };
    await expect(gate.check([flag('ff.a')], asker())).resolves.toEqual([UNREACHABLE]);
    expect(reports.map(String)).toEqual(['AdminUnreachable: down', 'TypeError: broken']);
  });

  it('denies when Admin refuses, and does not count it', async () => {
    const { gate, admin } = setUp(() => new AdminRefused('401'));
    const asked = await Promise.all(Array.from({ length: 20 }, () => gate.check([flag('ff.a')], asker())));
    expect(asked.flat().every((decision) => decision.reason === 'admin_refused')).toBe(true);
    expect(asked[0]).toEqual([REFUSED]);
    expect(gate.breakerState).toBe('closed');
    expect(admin.calls).toHaveLength(20);
  });

  it('counts a request with one call as one failure', async () => {
    const { gate } = setUp(() => new AdminUnreachable('down'));
    for (let n = 0; n < 4; n++) await gate.check(flags(100), asker());
    expect(gate.breakerState).toBe('closed');
    await gate.check(flags(100), asker());
    expect(gate.breakerState).toBe('open');
  });

  it('denies at once while the breaker is open, then probes once, then closes', async () => {
    const { gate, admin, clock } = setUp(() => new AdminUnreachable('down'));
    for (let n = 0; n < 5; n++) await gate.check([flag('ff.a')], asker());
    expect(gate.breakerState).toBe('open');
    await expect(gate.check([flag('ff.a')], asker())).resolves.toEqual([UNREACHABLE]);
    expect(admin.calls).toHaveLength(5);
    expect(clock.waiting).toBe(0);

    admin.script = () => 'hold';
    await clock.advance(1_000);
    const probe = gate.check([flag('ff.a')], asker());
    const others = await Promise.all([1, 2, 3].map(() => gate.check([flag('ff.a')], asker())));
    expect(others.flat()).toEqual([UNREACHABLE, UNREACHABLE, UNREACHABLE]);
    expect(gate.breakerState).toBe('half-open');
    expect(admin.calls).toHaveLength(6);
    admin.last.answer([allowing()]);
    await expect(probe).resolves.toEqual([ALLOWED]);
    expect(gate.breakerState).toBe('closed');
  });

  it('gives the place of a probe back when the probe hangs', async () => {
    const { gate, admin, clock } = setUp(() => new AdminUnreachable('down'));
    for (let n = 0; n < 5; n++) await gate.check([flag('ff.a')], asker());
    admin.script = () => 'hang';
    await clock.advance(1_000);
    const probe = gate.check([flag('ff.a')], asker());
    await clock.advance(1_000);
    await probe;
    expect(gate.breakerState).toBe('open');
    admin.script = () => allowing();
    await clock.advance(2_000);
    await expect(gate.check([flag('ff.a')], asker())).resolves.toEqual([ALLOWED]);
  });

  it('gives the probe to the next when Admin refused it', async () => {
    const { gate, admin, clock } = setUp(() => new AdminUnreachable('down'));
    for (let n = 0; n < 5; n++) await gate.check([flag('ff.a')], asker());
    await clock.advance(1_000);
    admin.script = () => new AdminRefused('401');
    await expect(gate.check([flag('ff.a')], asker())).resolves.toEqual([REFUSED]);
    admin.script = () => allowing();
    await expect(gate.check([flag('ff.a')], asker())).resolves.toEqual([ALLOWED]);
    expect(gate.breakerState).toBe('closed');
  });
});
