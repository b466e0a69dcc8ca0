import type { Instant } from './clock.ts';

/** Where chance comes from. */
export abstract class Random {
  /** A number in [0, 1). */
  abstract next(): number;
}

/** Where identifiers come from. */
export abstract class Ids {
  /** A UUID version 7 (RFC 9562) of that instant. */
  abstract uuidV7(at: Instant): string;
}
