import { Controller, Optional } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { Cache } from '#libs/cache';
import type { ApprovalTtlRefreshV1, PttFfInvalidateV1 } from '#libs/contracts';
import { TRIGGERS } from '#libs/flags';
import { Gate } from '#libs/gate';
import { TokenReader } from '#libs/identity';
import { Metrics, type Counter } from '#libs/platform';
import { invalidationCounter } from '../cache.ts';

/** What this replica does when it hears of a change. Both messages are hints; nothing is correct only by them. */
@Controller()
export class SubscribersController {
  readonly #invalidations: Counter<'trigger'>;
  readonly #refreshes: Counter<never>;

  constructor(
    private readonly gate: Gate,
    private readonly tokens: TokenReader,
    metrics: Metrics,
    @Optional() private readonly cache?: Cache,
  ) {
    this.#invalidations = invalidationCounter(metrics);
    // A trigger that has not been heard of yet shows as 0, and not as missing.
    for (const trigger of TRIGGERS) this.#invalidations.add({ trigger }, 0);
    this.#refreshes = metrics.counter({
      name: 'ptt_approval_refreshes_total',
      help: 'Changes of approvals that reached this replica',
      labels: [],
    });
  }

  @EventPattern('ptt.ff.invalidate')
  onInvalidate(@Payload() message: PttFfInvalidateV1): void {
    this.cache?.onInvalidate(message);
    if (message.namespace === 'jwks') this.tokens.forgetKeys();
    this.#invalidations.add({ trigger: message.trigger });
  }

  /** An approval changed: an allow that was kept for its target may no longer hold. */
  @EventPattern('approval_ttl_refresh')
  onRefresh(@Payload() message: ApprovalTtlRefreshV1): void {
    this.gate.onRefresh(message);
    this.#refreshes.add({});
  }
}
