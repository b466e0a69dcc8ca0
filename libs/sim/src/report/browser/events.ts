import type { Player } from '../player.ts';
import { timeOf, wordsOf } from '../words.ts';
import { make } from './dom.ts';

const BEFORE = 30;
const AFTER = 60;

/**
 * What the picture shows as a list to read: the happenings around the present, as a list box whose choice is the
 * last one reached.
 */
export class Events {
  readonly element = make('div', { className: 'events' });
  readonly #list = make('ol', { role: 'listbox', ariaLabel: 'What happens', tabIndex: 0 });

  constructor(goTo: (place: number) => void) {
    this.element.append(this.#list);
    this.#list.addEventListener('click', ({ target }) => {
      const row = target instanceof Element ? target.closest('li') : null;
      if (row !== null) goTo(row.value);
    });
  }

  show(player: Player): void {
    const { happenings, cursor } = player;
    const start = Math.max(0, cursor - BEFORE);
    const rows = happenings.slice(start, cursor + AFTER).map((it, row) => {
      const place = start + row;
      const isCurrent = place === cursor;
      return make(
        'li',
        {
          role: 'option',
          id: `event-${place}`,
          value: place,
          ariaSelected: String(isCurrent),
          ariaPosInSet: String(place + 1),
          ariaSetSize: String(happenings.length),
          className: `${it.kind} ${place > cursor ? 'later' : ''}`,
        },
        make('time', {}, timeOf(it.at)),
        make('span', {}, wordsOf(it)),
      );
    });
    this.#list.replaceChildren(...rows);
    const current = rows[cursor - start];
    if (current === undefined) {
      this.#list.removeAttribute('aria-activedescendant');
      this.#list.scrollTop = 0;
      return;
    }
    this.#list.setAttribute('aria-activedescendant', current.id);
    // Its own scrolling only: scrollIntoView would move the page as well.
    this.#list.scrollTop = current.offsetTop - this.#list.clientHeight / 3;
  }
}
