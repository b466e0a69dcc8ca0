import { collectDefaultMetrics, Counter as PromCounter, Gauge as PromGauge, Registry } from 'prom-client';
import { invariant } from '#libs/kernel';
import { Metrics, type Counter, type MetricShape, type Sample } from './metrics.ts';

/** One registry by prom-client, never its global one: two services may live in one process. */
export class PromMetrics extends Metrics {
  readonly #registry = new Registry();

  /** `process`: also Node's own figures (memory, event loop, collections). */
  constructor({ process }: { readonly process: boolean }) {
    super();
    if (process) collectDefaultMetrics({ register: this.#registry });
  }

  override counter<L extends string>({ name, help, labels }: MetricShape<L>): Counter<L> {
    const known = this.#registry.getSingleMetric(name);
    invariant(known === undefined || known instanceof PromCounter, `${name} is a counter everywhere`);
    const counter =
      known ?? new PromCounter<string>({ name, help, labelNames: [...labels], registers: [this.#registry] });
    return { add: (values, by = 1) => counter.inc(values, by) };
  }

  override sampled<L extends string>(
    { kind, name, help, labels }: MetricShape<L> & { readonly kind: 'counter' | 'gauge' },
    read: () => readonly Sample<L>[],
  ): void {
    const shape = { name, help, labelNames: [...labels], registers: [this.#registry] };
    if (kind === 'gauge') {
      const gauge = new PromGauge<string>({
        ...shape,
        collect: () => read().forEach((sample) => gauge.set(sample.labels, sample.value)),
      });
      return;
    }
    const counter = new PromCounter<string>({
      ...shape,
      collect: () => {
        counter.reset();
        for (const sample of read()) counter.inc(sample.labels, sample.value);
      },
    });
  }

  override exposition(): Promise<string> {
    return this.#registry.metrics();
  }
}
