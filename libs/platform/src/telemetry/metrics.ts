/** Label names to their values. */
export type Labels<L extends string> = Readonly<Record<L, string>>;

/** It only rises. */
export interface Counter<L extends string> {
  add(labels: Labels<L>, by?: number): void;
}

/** A value of a sampled metric. */
export interface Sample<L extends string> {
  readonly labels: Labels<L>;
  readonly value: number;
}

export interface MetricShape<L extends string> {
  /** Prometheus style: `ptt_ff_evaluations_total`, `ptt_audit_oldest_seconds`. */
  readonly name: string;
  readonly help: string;
  /** Only names whose values come from small closed sets: a tenant or a user is none. */
  readonly labels: readonly L[];
}

/** What is counted, for `/metrics`. Asking for the same name again gives the same metric. */
export abstract class Metrics {
  abstract counter<L extends string>(shape: MetricShape<L>): Counter<L>;
  /**
   * What somebody else keeps anyway, read when it is asked for: it costs nothing where it happens, and a `gauge` (rises
   * and falls) is never out of date.
   */
  abstract sampled<L extends string>(
    shape: MetricShape<L> & { readonly kind: 'counter' | 'gauge' },
    read: () => readonly Sample<L>[],
  ): void;
  /** All of them, in the Prometheus text format. */
  abstract exposition(): Promise<string>;
}

/** The media type of {@link Metrics.exposition}. */
export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
