import { type Approval } from '#libs/approvals';
import { PttError, within } from '#libs/kernel';
import type { Chance } from '../chance.ts';
import type { Answered } from '../watch/seen.ts';
import { isAnswer, isOutage, TimedOut } from '../world/outages.ts';
import { SimProcess } from '../world/process.ts';
import type { Site } from '../world/site.ts';
import { type Call, evaluate, evaluateMany, execute, executeAtAdmin } from '../world/routes.ts';
import type { Topology } from '../world/topology.ts';
import { Operations, type Operation, person, Screens } from './operations.ts';

/** A caller gives a call up after so long. */
const PATIENCE_MS = 10_000;

/** Those who call: each one thing after the other, whatever becomes of it. */
export class Callers {
  readonly #topology: Topology;
  readonly #site: Site;
  readonly #screens = new Screens();
  #isOver = false;
  #underWay = 0;
  #calls = 0;

  constructor(topology: Topology, site: Site) {
    this.#topology = topology;
    this.#site = site;
  }

  /** Calls that have not ended. */
  get underWay(): number {
    return this.#underWay;
  }

  /** @param everyMs how long each one waits between two calls, in the mean */
  begin(count: number, everyMs: number): void {
    for (let index = 0; index < count; index += 1) this.#run(`caller-${index + 1}`, everyMs);
  }

  /** Nothing new is begun. */
  end(): void {
    this.#isOver = true;
  }

  #run(name: string, everyMs: number): void {
    const { time, wall } = this.#site;
    const self = new SimProcess(name, time, wall('callers'));
    const chance = this.#site.chance(name);
    const operations = new Operations(this.#site.chance(`operations of ${name}`), this.#screens);
    const live = async (): Promise<void> => {
      while (!this.#isOver) {
        await time.pass(chance.exponential(everyMs));
        if (!this.#isOver) await this.#make(self, chance, operations.next(time.now));
      }
    };
    live().catch(this.#site.failed);
  }

  async #make(self: SimProcess, chance: Chance, operation: Operation): Promise<void> {
    const target = operation.to === 'ff' ? this.#topology.replica(chance) : this.#topology.instance(chance);
    await this.call(self, target, this.#topology.issuer.token(person(chance)), operation);
  }

  /** One call, to its end. Rejects only with a fault of ours. */
  async call(self: SimProcess, target: Target, token: string, operation: Operation): Promise<Answered> {
    const { watch, time, network } = this.#site;
    this.#calls += 1;
    const trace = { correlationId: `${self.name}:${this.#calls}` };
    const beganAt = time.now;
    const told = { ...trace, caller: self.name, replica: target.process.name, what: operation.what, beganAt };
    const serving = (): Promise<unknown> => serve(operation, target, token, { trace, connection: self }, this.#site);
    this.#underWay += 1;
    try {
      const answer = await within(
        self.clock,
        PATIENCE_MS,
        () => network.call(self, target.process, serving),
        () => new TimedOut(),
      );
      if (operation.to === 'admin' && isApproval(answer)) this.#screens.saw(answer);
      if ('command' in operation) {
        const { to: store, what, command } = operation;
        watch.acknowledged({ ...trace, store, what, command, answer, beganAt, at: time.now });
      }
      return this.#tell({ ...told, outcome: 'done', detail: null, endedAt: time.now });
    } catch (error) {
      const answered = this.#tell({ ...told, ...outcomeOf(error), endedAt: time.now });
      if (!isAnswer(error)) throw error;
      return answered;
    } finally {
      this.#underWay -= 1;
    }
  }

  #tell(answered: Answered): Answered {
    this.#site.watch.answered(answered);
    return answered;
  }
}

/** Who is called. */
type Target = ReturnType<Topology['replica']> | ReturnType<Topology['instance']>;

function serve(operation: Operation, target: Target, token: string, call: Call, site: Site): Promise<unknown> {
  if ('evaluateFlag' in target) {
    if ('command' in operation) return execute(target, token, operation.command, call, site);
    if (operation.what === 'evaluate') return evaluate(target, token, operation.flag, operation.subject, call, site);
    return evaluateMany(target, token, operation.flags, operation.subject, call, site);
  }
  if (operation.to === 'admin') return executeAtAdmin(target, token, operation.command, call);
  throw new Error('only changes of approvals go to Admin');
}

function outcomeOf(error: unknown): { readonly outcome: 'refused' | 'failed' | 'unknown'; readonly detail: string } {
  if (error instanceof PttError) return { outcome: isOutage(error) ? 'failed' : 'refused', detail: error.code };
  return { outcome: 'unknown', detail: error instanceof Error ? error.name : String(error) };
}

function isApproval(answer: unknown): answer is Approval {
  return typeof answer === 'object' && answer !== null && 'required_roles' in answer;
}
