import type { Metrics } from './metrics.ts';

/** Tells of messages that are committed and not handed over. Structurally libs/bus's `Outbox`. */
export function measureOutbox(metrics: Metrics, outbox: { readonly size: number; readonly oldestMs: number }): void {
  metrics.sampled(
    { kind: 'gauge', name: 'ptt_outbox_messages', help: 'Messages that are committed and not handed over', labels: [] },
    () => [{ labels: {}, value: outbox.size }],
  );
  metrics.sampled(
    {
      kind: 'gauge',
      name: 'ptt_outbox_oldest_seconds',
      help: 'How long the oldest of them has waited; 0 where none does',
      labels: [],
    },
    () => [{ labels: {}, value: outbox.oldestMs / 1_000 }],
  );
}
