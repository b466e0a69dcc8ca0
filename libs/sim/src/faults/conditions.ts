import type { Chance } from '../chance.ts';
import type { Weather } from '../net/network.ts';
import { Ways } from '../net/ways.ts';
import { FAULT_KINDS, type FaultKind } from './kinds.ts';

interface Way {
  readonly kind: FaultKind;
  readonly from: string;
  readonly to: string;
}

/** A node whose messages are lost at such odds. */
interface Dropping {
  readonly kind: FaultKind;
  readonly node: string;
  readonly share: number;
}

/** Whoever a reply is for. */
export const ANYBODY = '*';

/** What the faults make of everything between processes now, and how often each kind made a difference. */
export class Conditions implements Weather {
  readonly #ways: Ways;
  readonly #felt = new Map<FaultKind, number>(FAULT_KINDS.map((kind) => [kind, 0]));
  readonly #cuts: Way[] = [];
  readonly #lossy: Way[] = [];
  readonly #dropping: Dropping[] = [];
  readonly #slowStores = new Map<string, number>();
  readonly #slowWays = new Map<string, number>();

  constructor(chance: Chance) {
    this.#ways = new Ways(chance);
  }

  get felt(): ReadonlyMap<FaultKind, number> {
    return this.#felt;
  }

  /** A fault of that kind made something else happen than would have. */
  feel(kind: FaultKind, times = 1): void {
    this.#felt.set(kind, (this.#felt.get(kind) ?? 0) + times);
  }

  loses(from: string, to: string): boolean {
    if (this.#dropping.length > 0 && this.#isDropped(from, to)) return true;
    if (this.#cuts.length === 0) return false;
    const cut = this.#cuts.find((way) => way.from === from && way.to === to);
    if (cut !== undefined) this.feel(cut.kind);
    return cut !== undefined;
  }

  losesReply(from: string, to: string): boolean {
    if (this.#lossy.length === 0) return false;
    const lossy = this.#lossy.find((way) => way.from === from && (way.to === to || way.to === ANYBODY));
    if (lossy === undefined || !this.#ways.of(from, to).chance(0.5)) return false;
    this.feel(lossy.kind);
    return true;
  }

  delayMs(from: string, to: string): number {
    if (this.#slowWays.size === 0) return 0;
    const mean = this.#slowWays.get(from) ?? this.#slowWays.get(to);
    if (mean === undefined) return 0;
    this.feel('slow-network');
    return this.#ways.of(from, to).exponential(mean);
  }

  /** What a read of the store takes beside its usual time. */
  storeDelayMs(replica: string): number {
    const mean = this.#slowStores.get(replica);
    if (mean === undefined) return 0;
    this.feel('slow-store');
    return this.#ways.of(replica, 'store').exponential(mean);
  }

  /** Nothing gets that way until `mend` is called. */
  cut(kind: FaultKind, from: string, to: string): () => void {
    return held(this.#cuts, { kind, from, to });
  }

  /**
   * Each message to a node and from it is lost at such odds, and no connection breaks of it: it stands for what comes so
   * late that whoever waited has given up.
   */
  drop(kind: FaultKind, node: string, share: number): () => void {
    return held(this.#dropping, { kind, node, share });
  }

  /** Half of the replies on that way are lost. */
  loseReplies(kind: FaultKind, from: string, to: string): () => void {
    return held(this.#lossy, { kind, from, to });
  }

  slowStore(replica: string, meanMs: number): () => void {
    this.#slowStores.set(replica, meanMs);
    return () => void this.#slowStores.delete(replica);
  }

  slowWays(node: string, meanMs: number): () => void {
    this.#slowWays.set(node, meanMs);
    return () => void this.#slowWays.delete(node);
  }

  #isDropped(from: string, to: string): boolean {
    const dropping = this.#dropping.find(({ node }) => node === from || node === to);
    if (dropping === undefined || !this.#ways.of(from, to).chance(dropping.share)) return false;
    this.feel(dropping.kind);
    return true;
  }
}

/** @returns what takes it out again */
function held<T>(all: T[], one: T): () => void {
  all.push(one);
  return () => {
    const index = all.indexOf(one);
    if (index >= 0) all.splice(index, 1);
  };
}
