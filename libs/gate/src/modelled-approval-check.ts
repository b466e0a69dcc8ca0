import { ApprovalCheck, type Asker, type SensitiveCheck, type SensitiveCheckAnswer } from './approval-check.ts';

/** The same rule in process (`PTT_GATE=modelled`): the app hands over what answers in Admin's place. */
export class ModelledApprovalCheck extends ApprovalCheck {
  readonly #answer: AnswerInProcess;

  constructor(answer: AnswerInProcess) {
    super();
    this.#answer = answer;
  }

  async ask(checks: readonly SensitiveCheck[], by: Asker): Promise<readonly SensitiveCheckAnswer[]> {
    return this.#answer(checks, by);
  }
}

/** All answers in the order of the checks, at one instant. */
export type AnswerInProcess = (
  checks: readonly SensitiveCheck[],
  by: Asker,
) => readonly SensitiveCheckAnswer[] | Promise<readonly SensitiveCheckAnswer[]>;
