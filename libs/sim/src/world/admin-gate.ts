import {
  AdminRefused,
  ApprovalCheck,
  type Asker,
  DeadlinePassed,
  type SensitiveCheck,
  type SensitiveCheckAnswer,
} from '#libs/gate';
import { MatrixRows } from '#libs/flags';
import { PttError } from '#libs/kernel';
import type { AdminInstance } from './admin-process.ts';
import type { SimProcess } from './process.ts';
import type { Site } from './site.ts';

/** The instances of Admin, as a service name that stands for all of them. */
export class Admins extends MatrixRows {
  instances: readonly AdminInstance[] = [];
  #turn = 0;

  /** One after another, whether they answer or not: what stands before them does not know either. */
  next(): AdminInstance | undefined {
    this.#turn += 1;
    return this.instances[this.#turn % this.instances.length];
  }

  override async rows(): Promise<ReadonlySet<string> | 'unreachable'> {
    const instance = this.next();
    return instance === undefined ? 'unreachable' : instance.rows();
  }
}

/** Asks an Admin across the network, in place of HTTP: what it says for errors is what its routes would. */
export class AdminGate extends ApprovalCheck {
  constructor(
    private readonly self: SimProcess,
    private readonly admins: Admins,
    private readonly site: Site,
  ) {
    super();
  }

  override async ask(
    checks: readonly SensitiveCheck[],
    { actor, subjectToken }: Asker,
    signal: AbortSignal,
  ): Promise<readonly SensitiveCheckAnswer[]> {
    const admin = this.admins.next();
    if (admin === undefined) throw new Error('no Admin is there');
    const call = this.site.network.call(this.self, admin.process, () =>
      admin.check(checks, subjectToken === null ? null : actor.approvalRef),
    );
    const given = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new DeadlinePassed('given up')), { once: true });
    });
    try {
      return await Promise.race([call, given]);
    } catch (error) {
      if (error instanceof PttError && error.code !== 'internal' && !error.code.startsWith('store_')) {
        throw new AdminRefused(error.code);
      }
      throw error;
    }
  }
}
