import type {
  Acknowledged,
  Answered,
  Commit,
  Derivation,
  Evaluated,
  Gated,
  Heard,
  InputRead,
  KeysRead,
  Lived,
  Load,
  Lost,
  Opened,
  Published,
  Refreshed,
  TierAct,
  TokenRead,
  Witness,
  Wrote,
} from './seen.ts';

const KINDS = [
  'committed',
  'read',
  'heard',
  'wrote',
  'refreshed',
  'lost',
  'opened',
  'loaded',
  'tier',
  'published',
  'derived',
  'evaluated',
  'gated',
  'answered',
  'acknowledged',
  'keysRead',
  'tokenRead',
  'lived',
] as const satisfies readonly (keyof Witness)[];
type Kind = (typeof KINDS)[number];

/** Passes on what happens in a world to all who look, each only what it looks at. */
export class Watch implements Required<Omit<Witness, 'end'>> {
  /** Who looks at what, in their order: most look at little, and much is told. */
  readonly #lookers = new Map<Kind, readonly Witness[]>();

  /** From then on; what it has no method for by now it is never told. */
  add(witness: Witness): void {
    for (const kind of KINDS) {
      if (witness[kind] !== undefined) this.#lookers.set(kind, [...this.#at(kind), witness]);
    }
  }

  committed(told: Commit): void {
    for (const witness of this.#at('committed')) witness.committed?.(told);
  }

  read(told: InputRead): void {
    for (const witness of this.#at('read')) witness.read?.(told);
  }

  heard(told: Heard): void {
    for (const witness of this.#at('heard')) witness.heard?.(told);
  }

  wrote(told: Wrote): void {
    for (const witness of this.#at('wrote')) witness.wrote?.(told);
  }

  refreshed(told: Refreshed): void {
    for (const witness of this.#at('refreshed')) witness.refreshed?.(told);
  }

  lost(told: Lost): void {
    for (const witness of this.#at('lost')) witness.lost?.(told);
  }

  opened(told: Opened): void {
    for (const witness of this.#at('opened')) witness.opened?.(told);
  }

  loaded(told: Load): void {
    for (const witness of this.#at('loaded')) witness.loaded?.(told);
  }

  tier(told: TierAct): void {
    for (const witness of this.#at('tier')) witness.tier?.(told);
  }

  published(told: Published): void {
    for (const witness of this.#at('published')) witness.published?.(told);
  }

  derived(told: Derivation): void {
    for (const witness of this.#at('derived')) witness.derived?.(told);
  }

  evaluated(told: Evaluated): void {
    for (const witness of this.#at('evaluated')) witness.evaluated?.(told);
  }

  gated(told: Gated): void {
    for (const witness of this.#at('gated')) witness.gated?.(told);
  }

  answered(told: Answered): void {
    for (const witness of this.#at('answered')) witness.answered?.(told);
  }

  acknowledged(told: Acknowledged): void {
    for (const witness of this.#at('acknowledged')) witness.acknowledged?.(told);
  }

  keysRead(told: KeysRead): void {
    for (const witness of this.#at('keysRead')) witness.keysRead?.(told);
  }

  tokenRead(told: TokenRead): void {
    for (const witness of this.#at('tokenRead')) witness.tokenRead?.(told);
  }

  lived(told: Lived): void {
    for (const witness of this.#at('lived')) witness.lived?.(told);
  }

  #at(kind: Kind): readonly Witness[] {
    return this.#lookers.get(kind) ?? [];
  }
}
