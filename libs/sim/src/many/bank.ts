/** A fault of ours, put into production classes for a run: by it is seen that a checker would find its like. */
export interface PlantedBug {
  readonly id: string;
  readonly what: string;
  /** The promise that it breaks. */
  readonly caughtBy: string;
  /** @returns what takes it out again */
  plant(): () => void;
}

export const BANK: readonly PlantedBug[] = [];
