import type { SpaceStats } from '#libs/cache';
import { isRecord } from '#libs/kernel';
import type { StoreNotice } from '#libs/platform';
import type { KeyStanding } from '../world/issuer.ts';
import type { Answered, Commit, Gated, Heard, InputRead, TierAct, TokenRead, Witness } from './seen.ts';

/** What a run of many seeds must have come to at least once: else the worlds are not as bad as they are meant to be. */
export const SOMETIMES = [
  'an entry was served while it was refreshed',
  'a replica was filled by what another had shared',
  'the cache was passed by',
  'a fill was refused since its lease had been killed',
  'a version was forgotten for want of room',
  'a message was handed over twice',
  'a row was handed over by another replica than wrote it',
  'the breaker denied at once',
  'an allow was used again',
  'a gated flag was on',
  'a gated flag was off since its approval had expired',
  'a gated flag was off since Admin was not reached',
  'an approval was signed in full',
  'an edit took signatures away',
  'an approval past its deadline was superseded',
  'a torn frame was dropped',
  'a dead lock was taken over',
  'an edit by hand was taken up',
  'an edit by hand was set aside',
  'a change was made and its caller never heard of it',
  'a change was refused for what another had changed',
  'a token of an unknown key was refused',
  'a token of a removed key was refused',
] as const;
export type Sometimes = (typeof SOMETIMES)[number];

/** How often each of them was come to. */
export class Coverage implements Witness {
  readonly #reached = new Map<Sometimes, number>(SOMETIMES.map((name) => [name, 0]));
  /** Which replica made a change, by the id of its event. */
  readonly #writers = new Map<string, string>();
  readonly #announced = new Set<string>();
  readonly #committed = new Set<string>();
  readonly #unheard: string[] = [];
  readonly #standingOf: (kid: string) => KeyStanding;

  /** @param standingOf what the issuer has of a key of that name */
  constructor(standingOf: (kid: string) => KeyStanding) {
    this.#standingOf = standingOf;
  }

  get reached(): ReadonlyMap<string, number> {
    return this.#reached;
  }

  read({ cache, isInProcess }: InputRead): void {
    if (cache === 'stale') this.#reach('an entry was served while it was refreshed');
    if (cache === 'hit' && !isInProcess) this.#reach('a replica was filled by what another had shared');
    if (cache === 'uncached') this.#reach('the cache was passed by');
  }

  heard({ replica, message }: Heard): void {
    const event = idOf(message);
    if (!this.#announced.has(event) && !this.#writers.has(event)) this.#writers.set(event, replica);
  }

  tier(act: TierAct): void {
    if (act.act === 'fill' && !act.isTaken) this.#reach('a fill was refused since its lease had been killed');
    if (act.act !== 'announced') return;
    const event = idOf(act.message);
    if (this.#announced.has(event)) this.#reach('a message was handed over twice');
    const writer = this.#writers.get(event);
    if (writer !== undefined && writer !== act.replica) {
      this.#reach('a row was handed over by another replica than wrote it');
    }
    this.#announced.add(event);
  }

  gated({ isOn, reason, askedAt, answeredAt }: Gated): void {
    const isAtOnce = askedAt === answeredAt;
    if (isOn) this.#reach('a gated flag was on');
    if (isOn && isAtOnce) this.#reach('an allow was used again');
    if (reason === 'admin_unreachable') {
      this.#reach(isAtOnce ? 'the breaker denied at once' : 'a gated flag was off since Admin was not reached');
    }
    if (reason === 'approval_expired') this.#reach('a gated flag was off since its approval had expired');
  }

  committed({ store, line }: Commit): void {
    for (const { event } of line.records) {
      if (isRecord(event['data'])) this.#committed.add(correlationOf(event['data']));
    }
    if (store !== 'admin') return;
    for (const { payload } of line.messages) {
      if (payload['state'] === 'signed_full') this.#reach('an approval was signed in full');
      if (payload['cause'] === 'superseded') this.#reach('an approval past its deadline was superseded');
      if (payload['cause'] === 'edited' && hadSignatures(line)) this.#reach('an edit took signatures away');
    }
  }

  answered({ correlationId, outcome, detail }: Answered): void {
    if (outcome === 'unknown') this.#unheard.push(correlationId);
    if (outcome === 'refused' && /^revision|closed$|conflict/.test(detail ?? '')) {
      this.#reach('a change was refused for what another had changed');
    }
  }

  tokenRead({ kid, isTaken }: TokenRead): void {
    if (isTaken) return;
    const standing = this.#standingOf(kid);
    if (standing === 'removed') this.#reach('a token of a removed key was refused');
    if (standing === 'unknown') this.#reach('a token of an unknown key was refused');
  }

  noticed({ kind }: StoreNotice): void {
    if (kind === 'torn_frame_dropped') this.#reach('a torn frame was dropped');
    if (kind === 'stale_lock_taken') this.#reach('a dead lock was taken over');
    if (kind === 'edit_adopted') this.#reach('an edit by hand was taken up');
    if (kind === 'edit_rejected') this.#reach('an edit by hand was set aside');
  }

  /** What became of a cache's reads, as the world ends. */
  cached({ forgotten }: SpaceStats): void {
    this.#reach('a version was forgotten for want of room', forgotten);
  }

  end(): void {
    const made = this.#unheard.filter((id) => this.#committed.has(id)).length;
    this.#reach('a change was made and its caller never heard of it', made);
  }

  #reach(name: Sometimes, times = 1): void {
    this.#reached.set(name, (this.#reached.get(name) ?? 0) + times);
  }
}

function correlationOf({ correlation_id: id }: Readonly<Record<string, unknown>>): string {
  return typeof id === 'string' ? id : '';
}

function idOf({ event_id: id }: Readonly<Record<string, unknown>>): string {
  return typeof id === 'string' ? id : '';
}

function hadSignatures({ records }: Commit['line']): boolean {
  return records.some(({ event: { data } }) => {
    const before = isRecord(data) ? data['before'] : undefined;
    return isRecord(before) && Array.isArray(before['signatures']) && before['signatures'].length > 0;
  });
}
