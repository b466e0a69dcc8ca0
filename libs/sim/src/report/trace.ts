/** What one run leaves to be looked at: plain JSON. Every instant is in milliseconds since the world began. */
export interface Trace {
  /** How it ended: "seed 42, passed", "seed 42, I2 violated". */
  readonly title: string;
  readonly seed: number;
  readonly commit: string;
  /** Replays the run. */
  readonly command: string;
  /** The window that was recorded. */
  readonly from: number;
  readonly until: number;
  /** In the order of their lanes, from top to bottom. */
  readonly nodes: readonly TraceNode[];
  readonly messages: readonly TraceMessage[];
  readonly faults: readonly TraceFault[];
  readonly marks: readonly TraceMark[];
  readonly failure: TraceFailure | null;
}

export interface TraceNode {
  readonly name: string;
  readonly kind: 'caller' | 'ff' | 'admin' | 'tier' | 'issuer';
}

export interface TraceMessage {
  readonly from: string;
  readonly to: string;
  readonly at: number;
  /** Null: it was lost. */
  readonly arrivesAt: number | null;
  readonly label: string;
  /** What it is about, and what a reader filters by: a flag, an approval, a namespace of the cache. */
  readonly key: string | null;
  readonly kind: 'call' | 'reply' | 'event';
}

export interface TraceFault {
  /** The class of the fault: `partition`, `crash`, … */
  readonly kind: string;
  readonly from: number;
  readonly until: number;
  /** Whom it hits; none: everybody. */
  readonly nodes: readonly string[];
  readonly label: string;
}

/** What happened within one node. */
export interface TraceMark {
  readonly node: string;
  readonly at: number;
  readonly label: string;
  readonly key: string | null;
  readonly kind: 'commit' | 'answer' | 'load' | 'note';
}

export interface TraceFailure {
  readonly invariant: string;
  readonly at: number;
  readonly node: string | null;
  readonly key: string | null;
  readonly detail: string;
}
