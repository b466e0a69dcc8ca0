import {
  type Approval,
  EditApproval,
  IssueApproval,
  RejectApproval,
  SignApproval,
  WithdrawApproval,
} from '#libs/approvals';
import {
  ImportRegistry,
  InvalidateCache,
  type InvalidationScope,
  NAMESPACES,
  type OverrideKey,
  ReloadRegistry,
  RemoveOverride,
  SetOverride,
} from '#libs/flags';
import { type ChangeCommand, isRecord, type JsonObject } from '#libs/kernel';
import type { Chance } from '../chance.ts';
import { EPOCH } from '../time/virtual-time.ts';
import { FLAGS, GATED, PEOPLE, REGISTRY, TENANTS, USERS } from './golden.ts';

/** What a caller wants of FF or of Admin. */
export type Operation =
  | { readonly to: 'ff'; readonly what: string; readonly command: ChangeCommand<unknown> }
  | { readonly to: 'admin'; readonly what: string; readonly command: ChangeCommand<Approval> }
  | { readonly to: 'ff'; readonly what: 'evaluate'; readonly flag: string; readonly subject: Asked }
  | { readonly to: 'ff'; readonly what: 'bulk'; readonly flags: readonly string[] | null; readonly subject: Asked };

export interface Asked {
  readonly tenantId: string | null;
  readonly userId: string | null;
  readonly context: JsonObject;
}

/** Approvals as they were last answered to anybody: what people have on their screens, right or not. */
export class Screens {
  readonly #approvals = new Map<string, Approval>();

  saw(approval: Approval): void {
    this.#approvals.set(approval.id, approval);
    if (this.#approvals.size > 12)
      for (const oldest of this.#approvals.keys()) return void this.#approvals.delete(oldest);
  }

  any(chance: Chance): Approval | null {
    return this.#approvals.size === 0 ? null : chance.pick([...this.#approvals.values()]);
  }
}

/** Draws what one caller does, some things far more often than others. */
export class Operations {
  readonly #chance: Chance;
  readonly #screens: Screens;

  constructor(chance: Chance, screens: Screens) {
    this.#chance = chance;
    this.#screens = screens;
  }

  /** @param now in milliseconds since the world began */
  next(now: number): Operation {
    const chance = this.#chance;
    const draw = chance.next();
    if (draw < 0.83) return { to: 'ff', what: 'evaluate', flag: this.#flag(), subject: this.#asked() };
    if (draw < 0.86) {
      return { to: 'ff', what: 'bulk', flags: chance.chance(0.5) ? null : [...FLAGS], subject: this.#asked() };
    }
    if (draw < 0.925) return { to: 'ff', what: 'set', command: this.#set(now) };
    if (draw < 0.945) return { to: 'ff', what: 'remove', command: new RemoveOverride(this.#key(), null) };
    if (draw < 0.953) return { to: 'ff', what: 'import', command: new ImportRegistry(this.#registry(), false, false) };
    if (draw < 0.957) return { to: 'ff', what: 'invalidate', command: this.#invalidate() };
    if (draw < 0.958) return { to: 'ff', what: 'reload', command: new ReloadRegistry() };
    return this.#approval(now);
  }

  #flag(): string {
    return this.#chance.pick(FLAGS);
  }

  /** The first of each is asked for most. */
  #asked(): Asked {
    const chance = this.#chance;
    return {
      tenantId: chance.chance(0.8) ? hot(chance, TENANTS) : null,
      userId: chance.chance(0.6) ? hot(chance, USERS) : null,
      context: { plan: chance.pick(['pro', 'free']) },
    };
  }

  #key(): OverrideKey {
    const chance = this.#chance;
    const flag_key = hot(chance, FLAGS);
    return chance.chance(0.6)
      ? { scope: 'tenant', subject_id: hot(chance, TENANTS), flag_key }
      : { scope: 'user', subject_id: hot(chance, USERS), flag_key };
  }

  #set(now: number): SetOverride {
    const chance = this.#chance;
    const key = this.#key();
    const variant = chance.pick(key.flag_key === 'ff.number' ? ['few', 'some', 'many'] : ['on', 'off']);
    const expiresAt = chance.chance(0.3) ? new Date(EPOCH + now + 1_000 + chance.below(60_000)).toISOString() : null;
    return new SetOverride(key, { variant }, `because ${chance.below(1_000)}`, expiresAt, null);
  }

  /** One flag as it is, but for its default. */
  #registry(): JsonObject {
    const chance = this.#chance;
    const flag = this.#flag();
    const flags = REGISTRY['flags'];
    const definition = isRecord(flags) ? flags[flag] : undefined;
    const defaultVariant = chance.pick(flag === 'ff.number' ? ['few', 'some', 'many'] : ['on', 'off']);
    return { flags: { [flag]: { ...(isRecord(definition) ? definition : {}), defaultVariant } } };
  }

  #invalidate(): InvalidateCache {
    const chance = this.#chance;
    const scope: InvalidationScope = chance.pick<InvalidationScope>([{}, {}, { flag: this.#flag() }]);
    const namespace = chance.pick([null, ...NAMESPACES]);
    return new InvalidateCache('flag' in scope && namespace === 'jwks' ? null : namespace, scope);
  }

  #approval(now: number): Operation {
    const chance = this.#chance;
    const approval = this.#screens.any(chance);
    const draw = chance.next();
    if (approval === null || draw < 0.25) return { to: 'admin', what: 'issue', command: this.#issue(now) };
    const { id, revision } = approval;
    if (draw < 0.75) {
      const role = chance.pick(approval.required_roles);
      return { to: 'admin', what: 'sign', command: new SignApproval(id, { revision, role, comment: null }) };
    }
    if (draw < 0.83) {
      const justification = chance.chance(0.8) ? `edited ${chance.below(100)}` : approval.justification;
      return {
        to: 'admin',
        what: 'edit',
        command: new EditApproval(id, {
          revision,
          justification,
          sla_deadline: chance.chance(0.3) ? this.#deadline(now) : null,
        }),
      };
    }
    const reason = 'a change of plans';
    if (draw < 0.88) return { to: 'admin', what: 'reject', command: new RejectApproval(id, { revision, reason }) };
    return { to: 'admin', what: 'withdraw', command: new WithdrawApproval(id, { revision, reason }) };
  }

  #issue(now: number): IssueApproval {
    const chance = this.#chance;
    const [target_id, matrix_row] = chance.pick(Object.entries(GATED));
    const sla_deadline = chance.chance(0.2) ? null : this.#deadline(now);
    return new IssueApproval({
      target_type: 'feature_flag',
      target_id,
      matrix_row,
      justification: `needed ${chance.below(100)}`,
      sla_deadline,
    });
  }

  /** Soon enough to pass within a world. */
  #deadline(now: number): number {
    return EPOCH + Math.floor(now) + 5_000 + this.#chance.below(90_000);
  }
}

export function person(chance: Chance): (typeof PEOPLE)[number] {
  return chance.pick(PEOPLE);
}

/** The first half of the time the first one, else any. */
function hot<T>(chance: Chance, items: readonly T[]): T {
  const [first] = items;
  return first !== undefined && chance.chance(0.5) ? first : chance.pick(items);
}
