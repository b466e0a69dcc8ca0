import { type SeedOutcome, type SeedSpec, simulateSeed, type Bug } from '#libs/sim';
import { type Looking, SeedRunner, type Timed } from '../simulate/seed-workers.ts';

/** Runs seeds here, one after the other, each as it is told. */
export class HereRunner extends SeedRunner {
  readonly cores = 1;
  readonly ran: SeedSpec[] = [];

  constructor(private readonly runOne: (spec: SeedSpec) => SeedOutcome | Promise<SeedOutcome>) {
    super();
  }

  /** In worlds, with those bugs to plant. */
  static ofWorlds(bank: readonly Bug[] = []): HereRunner {
    return new HereRunner((spec) => simulateSeed(spec, undefined, bank));
  }

  async run(specs: readonly SeedSpec[], { done, isEnough }: Looking = {}): Promise<readonly Timed[]> {
    const ended: Timed[] = [];
    for (const spec of specs) {
      this.ran.push(spec);
      const timed = { outcome: await this.runOne(spec), tookMs: 1 };
      ended.push(timed);
      done?.(timed, ended.length - 1);
      if (isEnough?.(timed.outcome) === true) break;
    }
    return ended;
  }

  async close(): Promise<void> {}
}
