import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { ApprovalTtlRefreshV1, PttFfInvalidateV1 } from '#libs/contracts';
import { ChangeListener, TRIGGERS } from '#libs/flags';
import { Metrics, type Counter } from '#libs/platform';
import { invalidationCounter } from '../cache.ts';

/** Hands what this replica hears of to its `ChangeListener`, and counts it. */
@Controller()
export class SubscribersController {
  readonly #invalidations: Counter<'trigger'>;
  readonly #refreshes: Counter<never>;

  constructor(
    private readonly listener: ChangeListener,
    metrics: Metrics,
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
    this.listener.onInvalidate(message);
    this.#invalidations.add({ trigger: message.trigger });
  }

  @EventPattern('approval_ttl_refresh')
  onRefresh(@Payload() message: ApprovalTtlRefreshV1): void {
    this.listener.onRefresh(message);
    this.#refreshes.add({});
  }
}
