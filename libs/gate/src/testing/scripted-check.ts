import { ApprovalCheck, type Asker, type SensitiveCheck, type SensitiveCheckAnswer } from '../approval-check.ts';

/** A call that waits for its answer. */
export interface Held {
  readonly checks: readonly SensitiveCheck[];
  readonly by: Asker;
  readonly signal: AbortSignal;
  answer(answers: readonly SensitiveCheckAnswer[]): void;
  fail(error: Error): void;
}

/** What comes back at once; `hold` waits for the test, and ends when told to give up; `hang` does not listen. */
export type Script = (check: SensitiveCheck, by: Asker) => SensitiveCheckAnswer | Error | 'hold' | 'hang';

/** An Admin that answers as the script says for the first check of each call, and then for each of them. */
export class ScriptedCheck extends ApprovalCheck {
  readonly calls: Held[] = [];
  script: Script;

  constructor(script: Script) {
    super();
    this.script = script;
  }

  get last(): Held {
    const last = this.calls.at(-1);
    if (last === undefined) throw new Error('nobody has asked yet');
    return last;
  }

  ask(checks: readonly SensitiveCheck[], by: Asker, signal: AbortSignal): Promise<readonly SensitiveCheckAnswer[]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly SensitiveCheckAnswer[]>();
    this.calls.push({ checks, by, signal, answer: resolve, fail: reject });
    const answers: SensitiveCheckAnswer[] = [];
    for (const check of checks) {
      const said = this.script(check, by);
      if (said === 'hang') return promise;
      if (said === 'hold') {
        signal.addEventListener('abort', () => reject(new Error('told to give up')));
        return promise;
      }
      if (said instanceof Error) {
        reject(said);
        return promise;
      }
      answers.push(said);
    }
    resolve(answers);
    return promise;
  }
}
