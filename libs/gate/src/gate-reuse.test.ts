import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { AdminUnreachable, type Asker } from './approval-check.ts';
import { ALLOWED, asker, flag, setUp, UNREACHABLE } from './testing/gate-set-up.ts';
import { allowing, denying } from './testing/index.ts';

describe('reuse at the gate', () => {
  const questions = [flag('ff.a')];

  it('ends after PTT_GATE_REUSE_MS', async () => {
    const { gate, admin, clock } = setUp(() => allowing(), 5_000);
    await gate.check(questions, asker());
    await clock.advance(4_999);
    await gate.check(questions, asker());
    expect(admin.calls).toHaveLength(1);
    await clock.advance(1);
    await gate.check(questions, asker());
    expect(admin.calls).toHaveLength(2);
  });

  it('keeps no allow that does not say for how long it holds', async () => {
    const { valid_for_ms: _, ...boundless } = allowing();
    const { gate } = setUp(() => boundless);
    await expect(gate.check(questions, asker())).resolves.toEqual([ALLOWED]);
    expect(gate.reusableAllows).toBe(0);
  });

  it('keeps an allow-with-warning with its warnings, and no denial', async () => {
    const meta = { operator_alert: false, warnings: ['approval_expiring'], backing_state: 'file_backed' };
    const { gate, admin } = setUp(({ target_id }) =>
      target_id === 'ff.a' ? allowing({ decision: 'allow-with-warning', meta }) : denying('approval_missing'),
    );
    await gate.check([flag('ff.a'), flag('ff.b')], asker());
    const again = await gate.check([flag('ff.a'), flag('ff.b')], asker());
    expect(again[0]).toMatchObject({ decision: 'allow-with-warning', warnings: ['approval_expiring'] });
    expect(admin.last.checks).toEqual([flag('ff.b')]);
  });

  it.each<[string, Asker, Asker, boolean]>([
    ['two tokens of one verified holder', asker({}, 'one'), asker({}, 'two'), true],
    ['two verified holders', asker({ id: 'U-1' }), asker({ id: 'U-2' }), false],
    ['two approvals of one holder', asker({ approvalRef: 'APP-1' }), asker({ approvalRef: 'APP-2' }), false],
    ['a token and none', asker(), asker({}, null), false],
    ['none, of one holder', asker({}, null), asker({}, null), true],
    ['none, of nobody verified', asker({ verified: false }, null), asker({ verified: false }, null), true],
    [
      'none, meaning two approvals',
      asker({ approvalRef: 'APP-1' }, null),
      asker({ approvalRef: 'APP-2' }, null),
      false,
    ],
    ['verified and unverified claims', asker(), asker({ verified: false }), false],
    ['one unverified token', asker({ verified: false }), asker({ verified: false }), true],
    [
      'two unverified tokens with the same claims',
      asker({ verified: false }, 'good'),
      asker({ verified: false }, 'forged'),
      false,
    ],
  ])('of %s', async (_, first, second, isReused) => {
    const { gate, admin } = setUp(() => allowing());
    await gate.check(questions, first);
    await gate.check(questions, second);
    expect(admin.calls).toHaveLength(isReused ? 1 : 2);
  });

  it('ends at a refresh of its target, at a break of the subscription, and when the breaker opens', async () => {
    const { gate, admin } = setUp(() => allowing());
    await gate.check([flag('ff.a'), flag('ff.b')], asker());
    gate.onRefresh({ target_type: 'feature_flag', target_id: 'ff.a' });
    expect(gate.reusableAllows).toBe(1);
    gate.onSubscriptionBreak();
    expect(gate.reusableAllows).toBe(0);
    await gate.check([flag('ff.a'), flag('ff.b')], asker());
    expect(gate.reusableAllows).toBe(2);
    admin.script = () => new AdminUnreachable('down');
    for (let n = 0; n < 5; n++) await gate.check([flag('ff.c')], asker());
    expect(gate.reusableAllows).toBe(0);
    await expect(gate.check([flag('ff.a')], asker())).resolves.toEqual([UNREACHABLE]);
  });

  it('keeps nothing that was on its way when the breaker opened', async () => {
    const { gate, admin } = setUp(() => 'hang');
    const early = gate.check(questions, asker());
    const held = admin.last;
    admin.script = () => new AdminUnreachable('down');
    for (let n = 0; n < 5; n++) await gate.check([flag('ff.c')], asker());
    held.answer([allowing()]);
    await expect(early).resolves.toEqual([ALLOWED]);
    expect(gate.reusableAllows).toBe(0);
  });

  it('never serves an allow from before a withdrawal, in whatever order answers and events arrive', async () => {
    const step = fc.constantFrom('ask', 'ask', 'ask', 'withdraw', 'break');
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(step, { maxLength: 24 }), async (order, steps) => {
        let isApproved = true;
        let isEventSeen = false;
        const { gate, admin } = setUp(() => 'hang', 30_000);
        const turn = (label: string): Promise<void> => order.schedule(Promise.resolve(), label);
        // Admin decides when it hears the question; its answer takes its own time.
        admin.script = () => {
          const answer = isApproved ? allowing() : denying('approval_withdrawn');
          const { length } = admin.calls;
          void turn('answer').then(() => admin.calls[length - 1]?.answer([answer]));
          return 'hang';
        };
        const late: string[] = [];
        const ask = async (): Promise<void> => {
          const mustBeDenied = isEventSeen;
          const [decision] = await gate.check(questions, asker());
          if (mustBeDenied && decision?.decision !== 'deny') late.push('an allow after the event');
        };
        const withdraw = async (): Promise<void> => {
          isApproved = false;
          await turn('event');
          gate.onRefresh({ target_type: 'feature_flag', target_id: 'ff.a' });
          isEventSeen = true;
        };
        const running = steps.map(async (does) => {
          await turn(does);
          if (does === 'ask') await ask();
          else if (does === 'break') gate.onSubscriptionBreak();
          else await withdraw();
        });
        await order.waitIdle();
        await Promise.all(running);
        expect(late).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('gives an allow only if Admin would have said it within the reuse limit, whatever happens', async () => {
    const flagKey = fc.constantFrom('ff.a', 'ff.b', 'ff.c');
    const step = fc.oneof(
      fc.record({ does: fc.constant('ask' as const), key: flagKey }),
      fc.record({ does: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 3_000 }) }),
      fc.record({ does: fc.constantFrom('approve' as const, 'withdraw' as const), key: flagKey }),
      fc.record({ does: fc.constantFrom('break' as const, 'heal' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array<Step>(step, { maxLength: 60 }), async (steps) => {
        const approved = new Set<string>();
        const withdrawnAt = new Map<string, number>();
        let isDown = false;
        const { gate, clock } = setUp(({ target_id }) => {
          if (isDown) return new AdminUnreachable('down');
          return approved.has(target_id) ? allowing() : denying('approval_missing');
        }, 2_000);
        const wrong: string[] = [];
        for (const { does, key = '', ms = 0 } of steps) {
          if (does === 'wait') await clock.advance(ms);
          else if (does === 'approve') approved.add(key);
          else if (does === 'withdraw' && approved.delete(key)) withdrawnAt.set(key, clock.monotonicMs());
          else if (does === 'ask') {
            const [decision] = await gate.check([flag(key)], asker());
            const age = approved.has(key) ? 0 : clock.monotonicMs() - (withdrawnAt.get(key) ?? -Infinity);
            if (decision?.decision === 'allow' && age >= 2_000) wrong.push(`${key} allowed after ${age} ms`);
            const mustAllow = approved.has(key) && !isDown && gate.breakerState === 'closed';
            if (decision?.decision === 'deny' && mustAllow) wrong.push(`${key} denied`);
          } else isDown = does === 'break';
        }
        expect(wrong).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

interface Step {
  readonly does: 'ask' | 'wait' | 'approve' | 'withdraw' | 'break' | 'heal';
  readonly key?: string;
  readonly ms?: number;
}
