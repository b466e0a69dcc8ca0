import { type Actor, type Cancel } from '#libs/kernel';
import { ManualClock, SeededRandom } from '#libs/platform/testing';
import type { Asker, SensitiveCheck } from '../approval-check.ts';
import { Gate } from '../gate.ts';
import { deniedBy, type GateDecision } from '../gate-decision.ts';
import { ScriptedCheck, type Script } from './scripted-check.ts';

export const UNREACHABLE = deniedBy('admin_unreachable');
export const REFUSED = deniedBy('admin_refused');

export function asker(actor: Partial<Actor> = {}, subjectToken: string | null = 'token'): Asker {
  const nobody = { id: 'U-9', roles: [], scopes: new Set<string>(), tenants: null, verified: true, approvalRef: null };
  return { actor: { ...nobody, ...actor }, subjectToken, correlationId: 'corr-1' };
}

export function flag(target_id: string, matrix_row = 'row-sensitive-override'): SensitiveCheck {
  return { target_type: 'feature_flag', target_id, matrix_row };
}

export function flags(count: number): SensitiveCheck[] {
  return Array.from({ length: count }, (_, n) => flag(`ff.f${n}`));
}

export function setUp(script: Script, reuseMs = 5_000) {
  const clock = new CountingClock();
  const admin = new ScriptedCheck(script);
  const reports: unknown[] = [];
  const report = (failure: unknown): void => void reports.push(failure);
  const gate = new Gate(
    { approvals: admin, clock, scheduler: clock, random: new SeededRandom(1), report },
    { reuseMs },
  );
  return { clock, admin, gate, reports };
}

export const ALLOWED: GateDecision = {
  decision: 'allow',
  ttl_state: 'valid',
  approval_ref: 'APP-100001-abcd',
  reason: null,
  warnings: [],
  operator_alert: false,
};

/** A clock that says how many timers were ever set. */
class CountingClock extends ManualClock {
  timers = 0;

  override after(delayMs: number, run: () => void): Cancel {
    this.timers++;
    return super.after(delayMs, run);
  }
}
