import { FLAG_TABLE, OVERRIDE_TABLE } from '#libs/flags';
import type { InputRead } from '../watch/seen.ts';
import { FLAGS, TENANTS, USERS } from '../workload/golden.ts';
import { Checker } from './checker.ts';

/** After healing and quiet, every replica answers what the store holds. */
export class AfterHealing extends Checker {
  readonly id = 'I5';
  /** Reads that were asked for here, by replica and key. */
  readonly #answers = new Map<string, number>();
  #isAsking = false;

  read({ replica, key, version, beganAt }: InputRead): void {
    if (this.#isAsking) this.#answers.set(`${replica} ${key}`, version);
    // At any time: of what was committed before it has been quiet for so long.
    const since = beganAt - QUIET_MS;
    const held = this.ledger.versionAt(key, since);
    this.check(
      version >= held || !this.world.disturbances.isQuiet(since, beganAt),
      () => `version ${version} was served in a time of quiet, and version ${held} committed before it`,
      { replica, key },
    );
  }

  override async end(): Promise<void> {
    const { topology, time } = this.world;
    const { ff } = topology;
    if (ff === null) return this.check(false, () => 'FF is not there again');
    this.#isAsking = true;
    let left = 0;
    const asker = { actor: NOBODY, subjectToken: null, correlationId: 'end' };
    for (const { evaluateFlag, process } of ff.replicas) {
      for (const [flag, subject] of QUESTIONS) {
        left += 1;
        const ask = async (): Promise<unknown> => evaluateFlag.execute(flag, subject, asker);
        ask().then(
          () => void (left -= 1),
          (error: unknown) => {
            this.check(false, () => `${flag} was not answered: ${String(error)}`, { replica: process.name });
          },
        );
      }
    }
    await time.runUntil(time.now + ANSWERED_MS, () => left === 0);
    this.check(left === 0, () => `${left} questions were not answered within ${ANSWERED_MS} ms`);
    const flags = ff.store.files.rows(FLAG_TABLE);
    const overrides = ff.store.files.rows(OVERRIDE_TABLE);
    for (const [asked, version] of this.#answers) {
      const [replica = '', key = ''] = asked.split(/ (.*)/s);
      const rowKey = key.replace(/^ptt:ff:(?:flag|override):/, '');
      const held = key.startsWith('ptt:ff:flag:') ? flags.versionOf(rowKey) : overrides.versionOf(rowKey);
      this.check(version === held, () => `it answers version ${version}, and the store holds ${held}`, {
        replica,
        key,
      });
    }
  }
}

/** A relay that has failed so far tries again within 3 s, and what it tells of takes effect within 2 s of healing. */
const QUIET_MS = 6_000;
/** An evaluation takes a few loads and a question to Admin. */
const ANSWERED_MS = 3_000;
/** Each flag for each tenant with each user: so every override there can be is read, and every pair of them. */
const QUESTIONS = FLAGS.flatMap((flag) =>
  TENANTS.flatMap((tenantId) => USERS.map((userId) => [flag, { tenantId, userId, context: {} }] as const)),
);
const NOBODY = {
  id: 'checker',
  roles: [],
  scopes: new Set<string>(),
  tenants: null,
  verified: true,
  approvalRef: null,
};
