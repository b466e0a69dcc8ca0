import type { FakeInode } from './fake-inode.ts';
import type { SeededRandom } from './seeded.ts';

/** A change of names: all of it happens or none of it. Null takes a name away. */
type Act = ReadonlyMap<string, FakeInode | null>;

const redo = (names: Map<string, FakeInode>, act: Act): void => {
  for (const [name, inode] of act) {
    if (inode === null) names.delete(name);
    else names.set(name, inode);
  }
};

/** The names in a folder, those that are safe apart from those that are not. */
export class FakeFolder {
  readonly names = new Map<string, FakeInode>();
  #safe = new Map<string, FakeInode>();
  #unsynced: Act[] = [];

  change(act: Act): void {
    this.#unsynced.push(act);
    redo(this.names, act);
  }

  sync(): void {
    this.#safe = new Map(this.names);
    this.#unsynced = [];
  }

  /** What is left when the power goes: of the changes that were not synced, any may be lost, in any combination. */
  survivor(random: SeededRandom, leftOf: (inode: FakeInode) => FakeInode): FakeFolder {
    const names = new Map(this.#safe);
    for (const act of this.#unsynced) if (random.below(2) === 0) redo(names, act);
    const left = new FakeFolder();
    for (const [name, inode] of names) left.names.set(name, leftOf(inode));
    left.sync();
    return left;
  }
}
