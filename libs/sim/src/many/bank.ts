/** A fault of ours, put into production classes for a run: by it is seen that a checker would find its like. */
export interface PlantedBug {
  readonly id: string;
  /** The checker that must find it. */
  readonly invariant: string;
  readonly what: string;
  /** @returns what takes it out again */
  readonly plant: () => () => void;
}

export const BANK: readonly PlantedBug[] = [];
