import type { FaultKind } from './kinds.ts';

/** A time in which something was wrong. */
export interface Disturbance {
  readonly kind: FaultKind;
  /** None where it is everybody's. */
  readonly nodes: readonly string[];
  readonly from: number;
  /** Infinity while it lasts. */
  until: number;
}

/** Of which disturbances a quiet time has none. */
export interface Quiet {
  /** Only what concerns that node; whatever there is where none is given. */
  readonly node?: string;
  /** Only of these; of any kind where none are given. */
  readonly kinds?: readonly FaultKind[];
}

/** When something was wrong, and with whom: what is promised of quiet times is asked of quiet times only. */
export class Disturbances {
  readonly all: Disturbance[] = [];

  /** @returns what ends it */
  begin(kind: FaultKind, nodes: readonly string[], from: number): (at: number) => void {
    const disturbance: Disturbance = { kind, nodes, from, until: Infinity };
    this.all.push(disturbance);
    return (at) => {
      disturbance.until = at;
    };
  }

  /** Whether nothing was wrong in all that time. */
  isQuiet(from: number, until: number, { node, kinds }: Quiet = {}): boolean {
    // The latest first: it is mostly asked of what has just been.
    const found = this.all.findLast(
      (one) => one.until >= from && one.from <= until && (kinds?.includes(one.kind) ?? true) && concerns(one, node),
    );
    return found === undefined;
  }
}

function concerns({ nodes }: Disturbance, node: string | undefined): boolean {
  return node === undefined || nodes.length === 0 || nodes.includes(node);
}
