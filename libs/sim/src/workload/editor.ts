import { parseJsonObject } from '#libs/kernel';
import type { Chance } from '../chance.ts';
import { FF_FOLDER } from '../world/ff-process.ts';
import type { Site } from '../world/site.ts';
import type { Topology } from '../world/topology.ts';

/** Between two edits, in the mean; in milliseconds. */
const EDIT_MS = 80_000;
const FILES = ['override_examples.json', 'override_examples.json', 'registry.json'] as const;

/** Somebody who edits FF's files by hand, whether or not a process is there to see it. */
export class Editor {
  readonly #topology: Topology;
  readonly #site: Site;
  readonly #chance: Chance;
  #isOver = false;

  constructor(topology: Topology, site: Site) {
    this.#topology = topology;
    this.#site = site;
    this.#chance = site.chance('editor');
  }

  begin(): void {
    this.#live().catch(this.#site.failed);
  }

  end(): void {
    this.#isOver = true;
  }

  async #live(): Promise<void> {
    for (;;) {
      await this.#site.time.pass(this.#chance.exponential(EDIT_MS));
      if (this.#isOver) return;
      this.#edit(`${FF_FOLDER}/${this.#chance.pick(FILES)}`);
    }
  }

  #edit(path: string): void {
    const { disk } = this.#topology.ffMachine;
    const text = disk.text(path);
    if (text === null) return;
    const isTorn = this.#chance.chance(0.1);
    disk.edit(path, isTorn ? text.slice(0, this.#chance.below(text.length)) : edited(text, this.#chance));
  }
}

/** One value is another one: on for off, and the other way. What is no JSON, as an edit before left it, stays as it is. */
export function edited(text: string, chance: Chance): string {
  const places = [...text.matchAll(/"(?:variant|defaultVariant)": ?"(on|off)"/g)];
  const place = places.length === 0 ? undefined : chance.pick(places);
  if (place === undefined || parseJsonObject(text) === null) return text;
  const [whole, value = ''] = place;
  const other = whole.replace(`"${value}"`, value === 'on' ? '"off"' : '"on"');
  return text.slice(0, place.index) + other + text.slice(place.index + whole.length);
}
