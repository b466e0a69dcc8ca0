import { copyFile, mkdir, readFile, rename } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseSeeds, SeedApprovals } from '#libs/approvals';
import { SeedFlags } from '#libs/flags';
import { parseJson, systemActor, type Ids, type Instant, type JsonValue, type Origin } from '#libs/kernel';
import type { Dispatcher } from '#libs/platform';

/** Golden data for a new data folder. What was once seeded and then removed stays removed. */
export class Seeds {
  constructor(
    private readonly fixtures: string,
    private readonly ids: Ids,
    /** What the fixtures' `reference_time` becomes; null: the instant of seeding. */
    private readonly reference: Instant | null = null,
  ) {}

  /** The policy, into a folder of Admin's that nothing was ever written to. A service reads it and never writes it. */
  async matrix(adminFolder: string): Promise<void> {
    const path = join(adminFolder, 'approval_matrix.json');
    if (existsSync(path) || existsSync(join(adminFolder, 'journal.log'))) return;
    await mkdir(dirname(path), { recursive: true });
    // Through a name of its own: a crash in between leaves no half policy behind.
    await copyFile(join(this.fixtures, 'matrix', 'approval_matrix.json'), `${path}.new`);
    await rename(`${path}.new`, path);
  }

  async ff(dispatcher: Dispatcher, at: Instant): Promise<{ readonly flags: number; readonly overrides: number }> {
    const registry = await this.#read('registry', 'registry.json');
    const overrides = await this.#read('override_examples.json');
    return dispatcher.execute(new SeedFlags(registry, overrides), this.#origin(at));
  }

  async admin(dispatcher: Dispatcher, at: Instant): Promise<{ readonly added: number }> {
    const approvals = parseSeeds(await this.#read('approval_examples.json'));
    return dispatcher.execute(new SeedApprovals(approvals, this.reference), this.#origin(at));
  }

  async #read(...path: readonly string[]): Promise<JsonValue> {
    return parseJson(await readFile(join(this.fixtures, ...path), 'utf8'));
  }

  #origin(at: Instant): Origin {
    return { actor: systemActor('seed'), trace: { correlationId: this.ids.uuidV7(at) } };
  }
}
