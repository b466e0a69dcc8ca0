import { SPEEDS } from '../player.ts';
import type { Filter, Timeline } from '../timeline.ts';
import { button, labelled, make } from './dom.ts';

/** What the reader asks for. */
export interface Actions {
  readonly toggle: () => void;
  readonly previous: () => void;
  readonly next: () => void;
  readonly toFailure: () => void;
  readonly zoom: (doublings: number) => void;
  readonly speed: (speed: number) => void;
  readonly follow: (filter: Filter) => void;
}

/** So many keys are suggested; all can be typed. */
const SUGGESTED = 200;

export class Controls {
  readonly element = make('div', { className: 'bar' });
  readonly #play: HTMLButtonElement;
  readonly #failure: HTMLButtonElement;
  readonly #speed = make('select', { className: 'short' });
  readonly #key = make('input', { type: 'search', placeholder: 'any', autocomplete: 'off', spellcheck: false });
  readonly #keys = make('datalist', { id: 'keys' });
  readonly #node = make('select');

  constructor(actions: Actions) {
    this.#play = button('Play', 'Space', actions.toggle);
    this.#play.className = 'main';
    this.#failure = button('Go to failure', 'F', actions.toFailure);
    this.#failure.className = 'danger';
    this.#speed.append(...SPEEDS.map((speed) => make('option', { value: String(speed) }, `× ${speed}`)));
    this.#speed.addEventListener('change', () => actions.speed(Number(this.#speed.value)));
    this.#key.setAttribute('list', this.#keys.id);
    const follow = (): void => actions.follow({ key: this.#key.value.trim(), node: this.#node.value });
    this.#key.addEventListener('input', follow);
    this.#node.addEventListener('change', follow);
    this.element.append(
      group(
        this.#play,
        button('Previous', 'ArrowLeft', actions.previous),
        button('Next', 'ArrowRight', actions.next),
        this.#failure,
      ),
      labelled('Speed', this.#speed),
      group(
        button('Zoom out', '-', () => actions.zoom(1)),
        button('Zoom in', '+', () => actions.zoom(-1)),
      ),
      group(labelled('Only the key', this.#key), this.#keys, labelled('Only the node', this.#node)),
    );
    this.element.lastElementChild?.classList.add('end');
  }

  /** A new run to be shown. */
  begin({ trace, keys }: Timeline): void {
    this.#failure.hidden = trace.failure === null;
    this.#keys.replaceChildren(...keys.slice(0, SUGGESTED).map((value) => make('option', { value })));
    const all = make('option', { value: '' }, 'all');
    this.#node.replaceChildren(all, ...trace.nodes.map(({ name }) => make('option', { value: name }, name)));
    this.#key.value = '';
  }

  show(isPlaying: boolean, speed: number): void {
    this.#play.textContent = isPlaying ? 'Pause' : 'Play';
    this.#play.title = `${this.#play.textContent} (Space)`;
    this.#speed.value = String(speed);
  }

  focus(): void {
    this.#play.focus();
  }
}

function group(...children: readonly HTMLElement[]): HTMLElement {
  return make('div', { className: 'group' }, ...children);
}
