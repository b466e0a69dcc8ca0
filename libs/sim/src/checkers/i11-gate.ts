import { isRecord, parseInstant } from '#libs/kernel';
import { EPOCH } from '../time/virtual-time.ts';
import type { Commit, Gated, Lived, Refreshed } from '../watch/seen.ts';
import { REUSE_MS } from '../world/ff-replica.ts';
import { Checker } from './checker.ts';
import { textOf } from './fields.ts';

interface State {
  readonly at: number;
  /** Until when it allows, on a right clock; -Infinity where it does not. */
  readonly allowsUntil: number;
}

/**
 * A gated flag is allowed, or on whatever was said of it, only where Admin's approval was valid at that instant, give or
 * take the reuse limit: not past its deadline, and not by what was asked before the replica heard that it changed, or
 * could have missed that. One that is denied is off.
 */
export class GatedByApproval extends Checker {
  readonly id = 'I11';
  /** The states of each approval, by place, then by id. */
  readonly #states = new Map<string, Map<string, State[]>>();

  /** When each replica last heard of a change of a target. */
  readonly #heardAt = new Map<string, number>();
  readonly #restoredAt = new Map<string, number>();

  refreshed({ replica, message, at }: Refreshed): void {
    this.#heardAt.set(`${replica} ${textOf(message['target_id'])}`, at);
  }

  lived({ name, what, at }: Lived): void {
    if (what === 'up' || what === 'restored') this.#restoredAt.set(name, at);
  }

  committed({ store, line, at }: Commit): void {
    if (store !== 'admin') return;
    for (const { key, row } of line.changes) {
      if (!isRecord(row)) continue;
      const place = `${textOf(row['target_id'])} ${textOf(row['matrix_row'])}`;
      const approvals = this.#states.get(place) ?? new Map<string, State[]>();
      this.#states.set(place, approvals);
      const states = approvals.get(key) ?? [];
      approvals.set(key, states);
      const deadline = parseInstant(textOf(row['sla_deadline']));
      const isFull = row['state'] === 'signed_full' && deadline !== null;
      states.push({ at, allowsUntil: isFull ? deadline - EPOCH : -Infinity });
    }
  }

  gated({ replica, flagKey, matrixRow, isOn, decision, approvalRef, askedAt, answeredAt }: Gated): void {
    if (decision === 'deny' || (decision === null && !isOn)) {
      this.check(!isOn, () => 'it was denied, and is on', { replica, key: flagKey });
      return;
    }
    const approvals = this.#states.get(`${flagKey} ${matrixRow}`);
    const states = approvalRef === null ? undefined : approvals?.get(approvalRef);
    // A deadline passes by Admin's clock, which may be behind.
    const behindMs = this.world.site.wall('admin').mostBehindSince(askedAt - REUSE_MS);
    // Some instant between the oldest question that may answer still, and now.
    const heardAt = Math.max(
      this.#heardAt.get(`${replica} ${flagKey}`) ?? -Infinity,
      this.#restoredAt.get(replica) ?? -Infinity,
    );
    const from = Math.max(askedAt - REUSE_MS, heardAt > askedAt ? -Infinity : heardAt);
    const isCovered = states?.some(({ at, allowsUntil }, index) => {
      const until = states[index + 1]?.at ?? Infinity;
      // Admin's instants are cut to milliseconds.
      return at <= answeredAt && until > from && allowsUntil + behindMs + 1 > askedAt;
    });
    this.check(
      isCovered === true,
      () =>
        `it was ${decision === null ? 'on' : 'allowed'} by ${approvalRef ?? 'no approval'}, which was not valid since ${Math.round(from)}`,
      { replica, key: flagKey },
    );
  }
}
