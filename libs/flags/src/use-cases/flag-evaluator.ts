import { Injectable } from '@nestjs/common';
import { type Actor, Clock, type Instant, type JsonObject, sha256Hex } from '#libs/kernel';
import { applyGate, evaluate, type Evaluation, needsGate, type TargetingResult } from '../domain/evaluation.ts';
import { type Flag, hasTargeting } from '../domain/flag.ts';
import { deny } from '../domain/gate-decision.ts';
import type { HeldOverride, OverrideScope } from '../domain/override.ts';
import { readsTime } from '../domain/targeting-time.ts';
import { isBound, tenantOf } from '../domain/tenancy.ts';
import { ApprovalGate, type GateQuestion } from '../ports/approval-gate.ts';
import { all, andThen, type Awaitable } from '../ports/awaitable.ts';
import type { InputReader } from '../ports/flag-inputs.ts';
import { NEVER_THERE, type Stored } from '../ports/stored.ts';
import { Targeting } from '../ports/targeting.ts';
import { DenialRecorder } from './denial-recorder.ts';

/** For whom flags are evaluated. */
export interface Subject {
  readonly tenantId: string | null;
  readonly userId: string | null;
  /** What targeting may read beside tenant and user. */
  readonly context: JsonObject;
}

/** Who asks. */
export interface Asker {
  readonly actor: Actor;
  readonly subjectToken: string | null;
  readonly correlationId: string;
}

export interface Evaluated {
  readonly at: Instant;
  readonly evaluations: readonly Evaluation[];
}

/** What one evaluation reads, and on whose behalf. */
interface Circumstances {
  readonly reader: InputReader;
  readonly subject: Subject;
  /** As the token has it, where the caller named none. */
  readonly tenantId: string | null;
  /** Whoever asks may not know of user overrides. */
  readonly isWithheld: boolean;
  readonly at: Instant;
}

/** Precedence, then the gate, for one flag or many: all at one instant, and the gate is asked once. */
@Injectable()
export class FlagEvaluator {
  constructor(
    private readonly targeting: Targeting,
    private readonly gate: ApprovalGate,
    private readonly denials: DenialRecorder,
    private readonly clock: Clock,
  ) {}

  /**
   * One evaluation a flag, in their order; at once where the overrides are at hand and no flag is gated.
   * @throws PttError tenant_forbidden, store_unavailable
   */
  evaluate(reader: InputReader, flags: readonly Flag[], subject: Subject, asker: Asker): Awaitable<Evaluated> {
    const at = this.clock.now();
    const tenantId = tenantOf(asker.actor, subject.tenantId);
    const isWithheld = subject.userId !== null && isBound(asker.actor);
    const held = all([
      ...flags.map(({ key }) => read(reader, key, 'tenant', tenantId)),
      ...flags.map(({ key }) => read(reader, key, 'user', isWithheld ? null : subject.userId)),
    ]);
    return andThen(held, (overrides) => {
      const evaluations = this.#precedence(flags, overrides, { reader, subject, tenantId, isWithheld, at });
      if (!flags.some(needsGate)) return { at, evaluations };
      return this.#gated(flags, evaluations, tenantId, asker).then((gated) => ({ at, evaluations: gated }));
    });
  }

  /** @param overrides the flags' tenant overrides, then their user overrides */
  #precedence(
    flags: readonly Flag[],
    overrides: readonly Stored<HeldOverride>[],
    { reader, subject, tenantId, isWithheld, at }: Circumstances,
  ): readonly Evaluation[] {
    const { userId } = subject;
    let context: JsonObject | null = null;
    let subjectKey: string | null = null;
    const targeting = (flag: Flag): TargetingResult =>
      this.targeting.evaluate(flag, (context ??= targetingContext(subject, tenantId)), at);
    return flags.map((flag, index) => {
      const tenant = overrides[index] ?? NEVER_THERE;
      const user = overrides[flags.length + index] ?? NEVER_THERE;
      const userOverride = isWithheld ? 'withheld' : user.value;
      const answer = (): Evaluation =>
        evaluate(flag, { tenantId, userId, tenantOverride: tenant.value, userOverride, at, targeting });
      if (!hasTargeting(flag) || readsTime(flag)) return answer();
      subjectKey ??= subjectKeyOf(subject, tenantId, isWithheld);
      const versions = [flag.version, tenant.version, user.version] as const;
      const endsAt = Math.min(endAfter(at, tenant.value), endAfter(at, user.value));
      const from = { flagKey: flag.key, tenantId, userId, subject: subjectKey, versions, at, endsAt };
      return reader.derived(from, answer);
    });
  }

  async #gated(
    flags: readonly Flag[],
    evaluations: readonly Evaluation[],
    tenantId: string | null,
    asker: Asker,
  ): Promise<readonly Evaluation[]> {
    const questions = flags.flatMap((flag) => questionOf(flag) ?? []);
    const answers = questions.length === 0 ? [] : await this.gate.check(questions, asker);
    const decisions = new Map(questions.map(({ target_id }, index) => [target_id, answers[index]]));
    return evaluations.map((evaluation, index) => {
      const flag = flags[index];
      if (flag === undefined || !needsGate(flag)) return evaluation;
      const decision =
        flag.approval_matrix_row === null
          ? deny('matrix_row_unknown')
          : (decisions.get(flag.key) ?? deny('policy_fail_safe'));
      const gated = applyGate(flag, evaluation, decision);
      if (decision.decision === 'deny') this.denials.count(flag.key, tenantId, gated.reason);
      return gated;
    });
  }
}

function read(
  reader: InputReader,
  flagKey: string,
  scope: OverrideScope,
  subjectId: string | null,
): Awaitable<Stored<HeldOverride>> {
  return subjectId === null ? NEVER_THERE : reader.override(flagKey, scope, subjectId);
}

/** When the override ends to count; Infinity where it never does, or does not count any more. */
function endAfter(at: Instant, held: HeldOverride | null): Instant {
  return held === null || held.endsAt <= at ? Infinity : held.endsAt;
}

/** Tells everything apart that an answer before the gate depends on, beside the flag and its overrides. */
function subjectKeyOf({ userId, context }: Subject, tenantId: string | null, isWithheld: boolean): string {
  return sha256Hex(JSON.stringify([tenantId, userId, isWithheld, context]));
}

function questionOf(flag: Flag): GateQuestion | null {
  if (!needsGate(flag) || flag.approval_matrix_row === null) return null;
  return { target_type: 'feature_flag', target_id: flag.key, matrix_row: flag.approval_matrix_row };
}

/**
 * The context as targeting reads it: the user is `targetingKey`, the tenant `tenantId`, as in OFREP, and both win over
 * what the context says, so that nobody is taken for another tenant than the one checked against the token.
 */
function targetingContext({ context, userId }: Subject, tenantId: string | null): JsonObject {
  return {
    ...context,
    ...(userId === null ? {} : { targetingKey: userId }),
    ...(tenantId === null ? {} : { tenantId }),
  };
}
