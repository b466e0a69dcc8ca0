import type { Actor } from '#libs/kernel';
import type { GateDecision } from '../domain/gate-decision.ts';

/** May this flag be on now? */
export interface GateQuestion {
  readonly target_type: 'feature_flag';
  /** The flag's key. */
  readonly target_id: string;
  readonly matrix_row: string;
}

/** On whose behalf the gate asks. */
export interface GateAsker {
  readonly actor: Actor;
  /** The caller's own token, passed on for Admin to verify; null when there was none. */
  readonly subjectToken: string | null;
  readonly correlationId: string;
}

/** What stands between a gated flag and its approval. */
export abstract class ApprovalGate {
  /** One decision a question, in their order. It never throws: what cannot be asked is denied. */
  abstract check(questions: readonly GateQuestion[], asker: GateAsker): Promise<readonly GateDecision[]>;
}
