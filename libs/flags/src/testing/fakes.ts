import { type GateDecision } from '../domain/gate-decision.ts';
import { ApprovalGate, type GateAsker, type GateQuestion } from '../ports/approval-gate.ts';
import { MatrixRows } from '../ports/matrix-rows.ts';
import { ServiceFacts } from '../ports/service-facts.ts';

export const ALLOWED: GateDecision = {
  decision: 'allow',
  ttl_state: 'valid',
  approval_ref: 'APP-100001-abcd',
  reason: null,
  warnings: [],
  operator_alert: false,
};

/** Answers what it was told for each target, allows the others, and remembers what it was asked. */
export class FakeGate extends ApprovalGate {
  readonly asked: { readonly questions: readonly GateQuestion[]; readonly asker: GateAsker }[] = [];
  readonly #decisions = new Map<string, GateDecision>();
  #answersNothing = false;

  decide(target: string, decision: Partial<GateDecision>): void {
    this.#decisions.set(target, { ...ALLOWED, ...decision });
  }

  /** From now on it breaks its promise of one decision a question. */
  answerNothing(): void {
    this.#answersNothing = true;
  }

  override check(questions: readonly GateQuestion[], asker: GateAsker): Promise<readonly GateDecision[]> {
    this.asked.push({ questions, asker });
    if (this.#answersNothing) return Promise.resolve([]);
    return Promise.resolve(questions.map(({ target_id }) => this.#decisions.get(target_id) ?? ALLOWED));
  }
}

/** An Admin with these rows, which may be out of reach. */
export class FakeMatrixRows extends MatrixRows {
  isReachable = true;
  asked = 0;
  readonly #rows: ReadonlySet<string>;

  constructor(rows: readonly string[]) {
    super();
    this.#rows = new Set(rows);
  }

  override rows(): Promise<ReadonlySet<string> | 'unreachable'> {
    this.asked += 1;
    return Promise.resolve(this.isReachable ? this.#rows : 'unreachable');
  }
}

export class FakeFacts extends ServiceFacts {
  readonly replica = 'ff-1';
  verification: ServiceFacts['verification'] = 'verified';
  backingState: ServiceFacts['backingState'] = 'file_backed';
}
