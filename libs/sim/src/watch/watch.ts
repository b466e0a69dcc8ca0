import type {
  Acknowledged,
  Answered,
  Commit,
  Derivation,
  Gated,
  Heard,
  InputRead,
  KeysRead,
  Lived,
  Load,
  Lost,
  Refreshed,
  TierAct,
  TokenRead,
  Witness,
  Wrote,
} from './seen.ts';

/** Passes on what happens in a world to all who look, each only what it looks at. */
export class Watch implements Required<Omit<Witness, 'end'>> {
  readonly #witnesses: Witness[] = [];

  add(witness: Witness): void {
    this.#witnesses.push(witness);
  }

  committed(told: Commit): void {
    for (const witness of this.#witnesses) witness.committed?.(told);
  }

  read(told: InputRead): void {
    for (const witness of this.#witnesses) witness.read?.(told);
  }

  heard(told: Heard): void {
    for (const witness of this.#witnesses) witness.heard?.(told);
  }

  wrote(told: Wrote): void {
    for (const witness of this.#witnesses) witness.wrote?.(told);
  }

  refreshed(told: Refreshed): void {
    for (const witness of this.#witnesses) witness.refreshed?.(told);
  }

  lost(told: Lost): void {
    for (const witness of this.#witnesses) witness.lost?.(told);
  }

  loaded(told: Load): void {
    for (const witness of this.#witnesses) witness.loaded?.(told);
  }

  tier(told: TierAct): void {
    for (const witness of this.#witnesses) witness.tier?.(told);
  }

  derived(told: Derivation): void {
    for (const witness of this.#witnesses) witness.derived?.(told);
  }

  gated(told: Gated): void {
    for (const witness of this.#witnesses) witness.gated?.(told);
  }

  answered(told: Answered): void {
    for (const witness of this.#witnesses) witness.answered?.(told);
  }

  acknowledged(told: Acknowledged): void {
    for (const witness of this.#witnesses) witness.acknowledged?.(told);
  }

  keysRead(told: KeysRead): void {
    for (const witness of this.#witnesses) witness.keysRead?.(told);
  }

  tokenRead(told: TokenRead): void {
    for (const witness of this.#witnesses) witness.tokenRead?.(told);
  }

  lived(told: Lived): void {
    for (const witness of this.#witnesses) witness.lived?.(told);
  }
}
