/** A process, told apart from a later one of the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** What only this process of that number has, such as its start in ticks since boot; null where unknown. */
  readonly incarnation: string | null;
}

/** Which processes there are. */
export abstract class Processes {
  abstract self(): ProcessIdentity;
  abstract isAlive(identity: ProcessIdentity): boolean;
}
