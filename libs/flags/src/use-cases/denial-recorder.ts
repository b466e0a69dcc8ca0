import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import {
  type AuditEntry,
  type Cancel,
  Clock,
  type Instant,
  Ids,
  LIMITS,
  Scheduler,
  systemActor,
  toIso,
} from '#libs/kernel';
import type { Reason } from '../domain/reasons.ts';
import { FlagStore } from '../ports/flag-store.ts';

interface Count {
  /** Null for what came beyond the limit, of whatever flag and tenant. */
  readonly flagKey: string | null;
  readonly tenantId: string;
  readonly reason: Reason;
  since: Instant;
  count: number;
}

const PERIOD_MS = 60_000;
/** An evaluation for no tenant. */
const NO_TENANT = '';

/**
 * Records gated evaluations that were denied, off their path: one record per (flag, tenant, reason) and minute, with a
 * count. So reads can neither flood the trail nor fail with it: beyond `LIMITS.denialKeys` keys a minute the rest is
 * counted for each reason alone, and what cannot be recorded now is added to the next minute.
 */
@Injectable()
export class DenialRecorder implements OnApplicationBootstrap, OnApplicationShutdown {
  #counts = new Map<string, Map<string, Map<Reason, Count>>>();
  /** What came beyond the limit: as many keys as there are reasons, whatever callers name. */
  #beyond = new Map<Reason, Count>();
  #keys = 0;
  #cancel: Cancel = () => undefined;

  constructor(
    private readonly flags: FlagStore,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly ids: Ids,
  ) {}

  onApplicationBootstrap(): void {
    this.#cancel = this.scheduler.every(PERIOD_MS, () => this.flush());
  }

  async onApplicationShutdown(): Promise<void> {
    this.#cancel();
    await this.flush();
  }

  count(flagKey: string, tenantId: string | null, reason: Reason): void {
    this.#add(flagKey, tenantId ?? NO_TENANT, reason, this.clock.now(), 1);
  }

  /** Records what was counted. It does not throw: the counts are kept for the next time. */
  async flush(): Promise<void> {
    if (this.#keys === 0) return;
    const named = [...this.#counts.values()].flatMap((tenants) =>
      [...tenants.values()].flatMap((one) => Array.from(one.values())),
    );
    const counts = [...named, ...this.#beyond.values()];
    this.#counts = new Map();
    this.#beyond = new Map();
    this.#keys = 0;
    const origin = { actor: systemActor('gate'), trace: { correlationId: this.ids.uuidV7(this.clock.now()) } };
    try {
      await this.flags.changeRegistry(origin, (_flags, tx) => ({
        answer: null,
        changes: [],
        records: counts.map((count) => denialRecord(count, tx.at)),
        messages: [],
      }));
    } catch {
      for (const { flagKey, tenantId, reason, since, count } of counts)
        this.#add(flagKey, tenantId, reason, since, count);
    }
  }

  #add(flagKey: string | null, tenantId: string, reason: Reason, since: Instant, count: number): void {
    const known = flagKey === null ? undefined : this.#counts.get(flagKey)?.get(tenantId)?.get(reason);
    if (known !== undefined) {
      known.count += count;
      // What comes back of a record that could not be made is older than what was counted meanwhile.
      known.since = Math.min(known.since, since);
    } else if (flagKey !== null && this.#keys < LIMITS.denialKeys) {
      const tenants = getOrAdd(this.#counts, flagKey, () => new Map<string, Map<Reason, Count>>());
      const reasons = getOrAdd(tenants, tenantId, () => new Map<Reason, Count>());
      reasons.set(reason, { flagKey, tenantId, reason, since, count });
      this.#keys += 1;
    } else {
      const none = { flagKey: null, tenantId: NO_TENANT, reason, since, count: 0 };
      const beyond = getOrAdd<Reason, Count>(this.#beyond, reason, () => none);
      beyond.count += count;
      beyond.since = Math.min(beyond.since, since);
    }
  }
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

function denialRecord({ flagKey, tenantId, reason, since, count }: Count, at: Instant): AuditEntry {
  return {
    action: 'evaluation.denied',
    // A type of its own, so that no flag and no tenant can be called what stands for the rest of them.
    target: flagKey === null ? { type: 'feature_flags', id: '*' } : { type: 'feature_flag', id: flagKey },
    ...(tenantId === NO_TENANT ? {} : { tenantId }),
    after: { count, from: toIso(since), to: toIso(at) },
    outcome: 'refused',
    reason,
  };
}
