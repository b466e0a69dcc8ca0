import { Ids, type Instant } from '#libs/kernel';
import { uuidV7Of } from '#libs/platform';
import type { Chance } from '../chance.ts';

/** UUIDs v7 from a world's chance: as unlikely to meet as real ones, and the same in every run of a seed. */
export class SimIds extends Ids {
  readonly #chance: Chance;

  constructor(chance: Chance) {
    super();
    this.#chance = chance;
  }

  uuidV7(at: Instant): string {
    const random = [0, 1]
      .map(() =>
        this.#chance
          .below(2 ** 32)
          .toString(16)
          .padStart(8, '0'),
      )
      .join('');
    return uuidV7Of(at, this.#chance.below(2 ** 12), random);
  }
}
