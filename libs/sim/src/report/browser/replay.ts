import { Player } from '../player.ts';
import { Timeline } from '../timeline.ts';
import type { Trace } from '../trace.ts';
import { timeOf, wordsOf } from '../words.ts';
import { Controls } from './controls.ts';
import { make, Surface } from './dom.ts';
import { Events } from './events.ts';
import { help } from './help.ts';
import { drawLanes } from './lanes.ts';
import { coloursOf } from './paint.ts';
import { GUTTER, heightOf, sceneOf } from './scene.ts';
import { Strip } from './strip.ts';
import { STYLE } from './style.ts';

/** The list and the line above it follow a run at a pace at which they can be read. */
const READ_MS = 120;

/** `<ptt-replay>`: plays one run. Give it a trace with `show`. It keeps to itself: no network, no storage. */
export class Replay extends HTMLElement {
  readonly #lanes = new Surface({ className: 'lanes', role: 'img' });
  readonly #overview = new Surface({});
  readonly #scrub = make('input', { type: 'range', step: 'any', ariaLabel: 'Time' });
  readonly #time = make('strong');
  readonly #what = make('span');
  readonly #spoken = make('p', { className: 'spoken', role: 'status' });
  readonly #controls: Controls;
  readonly #events = new Events((place) => this.#do((player) => player.goTo(place)));
  readonly #resized = new ResizeObserver(() => this.#ask());
  readonly #dark = matchMedia('(prefers-color-scheme: dark)');
  readonly #redraw = (): void => this.#ask();
  #player: Player | null = null;
  #strip: Strip | null = null;
  #frame = 0;
  #frameAt: number | null = null;
  #readAt = -Infinity;

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheet];
    this.#controls = new Controls({
      toggle: () => this.#do((player) => player.toggle()),
      previous: () => this.#do((player) => player.previous()),
      next: () => this.#do((player) => player.next()),
      toFailure: () => this.#do((player) => player.toFailure()),
      zoom: (doublings) => this.#do((player) => player.zoom(doublings)),
      speed: (speed) => this.#do((player) => Object.assign(player, { speed })),
      follow: (filter) => this.#do((player) => player.follow(filter)),
    });
    root.append(
      this.#controls.element,
      make('div', { className: 'strip' }, this.#overview.canvas, this.#scrub),
      make('p', { className: 'present' }, this.#time, this.#what),
      make('div', { className: 'stage' }, this.#lanes.canvas, this.#events.element),
      help(),
      this.#spoken,
    );
    this.#scrub.addEventListener('input', () => this.#do((player) => player.seek(Number(this.#scrub.value))));
    this.addEventListener('keydown', (event) => this.#onKey(event));
    this.#lanes.canvas.addEventListener('pointerdown', (event) => this.#drag(event));
  }

  connectedCallback(): void {
    this.#resized.observe(this);
    this.#dark.addEventListener('change', this.#redraw);
  }

  disconnectedCallback(): void {
    this.#resized.disconnect();
    this.#dark.removeEventListener('change', this.#redraw);
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#frameAt = null;
  }

  show(trace: Trace): void {
    const timeline = new Timeline(trace);
    this.#player = new Player(timeline);
    this.#strip = new Strip(timeline);
    this.#controls.begin(timeline);
    Object.assign(this.#scrub, { min: String(trace.from), max: String(trace.until) });
    this.#lanes.canvas.style.height = `${heightOf(trace.nodes.length)}px`;
    this.#lanes.canvas.ariaLabel = `${trace.nodes.length} lanes with the messages between them; the list says the same`;
    this.#do(() => undefined);
  }

  override focus(): void {
    this.#controls.focus();
  }

  /** Whatever the reader does is shown at once, and said. */
  #do(action: (player: Player) => void): void {
    if (this.#player === null) return;
    action(this.#player);
    this.#readAt = -Infinity;
    this.#say(this.#player);
    this.#ask();
  }

  /** A list box in focus says its choice itself; a run that plays would never be silent. */
  #say({ isPlaying, now, current }: Player): void {
    const isSaid = isPlaying || this.shadowRoot?.activeElement?.role === 'listbox';
    this.#spoken.textContent = isSaid ? '' : `${timeOf(now)}. ${current === null ? 'The start' : wordsOf(current)}`;
  }

  #ask(): void {
    this.#frame ||= requestAnimationFrame((at) => this.#onFrame(at));
  }

  #onFrame(at: number): void {
    this.#frame = 0;
    const player = this.#player;
    if (player === null) return;
    if (player.isPlaying) {
      player.advance(this.#frameAt === null ? 0 : at - this.#frameAt);
      if (!player.isPlaying) this.#say(player);
    }
    this.#frameAt = player.isPlaying ? at : null;
    this.#draw(player);
    if (!player.isPlaying || at - this.#readAt >= READ_MS) this.#write(player, at);
    if (player.isPlaying) this.#ask();
  }

  #draw(player: Player): void {
    const colours = coloursOf(this);
    const lanes = this.#lanes.begin();
    if (lanes !== null) drawLanes(sceneOf(lanes, player, colours, this.#lanes.width));
    const overview = this.#overview.begin();
    if (overview !== null) this.#strip?.draw(overview, player, colours, this.#overview.width, this.#overview.height);
    this.#scrub.value = String(player.now);
  }

  #write(player: Player, at: number): void {
    this.#readAt = at;
    const { now, current, timeline } = player;
    this.#time.textContent = timeOf(now);
    this.#what.textContent = current === null ? '' : wordsOf(current);
    this.#scrub.ariaValueText = `${timeOf(now)} of ${timeOf(timeline.trace.until)}`;
    this.#controls.show(player.isPlaying, player.speed);
    this.#events.show(player);
  }

  /** Keys count while the focus is within, and not where they are typed into or choose something. */
  #onKey(event: KeyboardEvent): void {
    const [target] = event.composedPath();
    if (target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && target.type === 'search')) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isPressed =
      target instanceof HTMLButtonElement || (target instanceof HTMLElement && target.matches('summary'));
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const action = key === ' ' && isPressed ? undefined : KEYS[key];
    if (action === undefined) return;
    event.preventDefault();
    this.#do(action);
  }

  /** Pulls the picture along under the present. */
  #drag(event: PointerEvent): void {
    const { canvas, width } = this.#lanes;
    const player = this.#player;
    if (player === null || event.button !== 0) return;
    const perPx = player.span / (width - GUTTER);
    const { now } = player;
    const move = ({ clientX }: PointerEvent): void =>
      this.#do(() => player.seek(now - (clientX - event.clientX) * perPx));
    canvas.setPointerCapture(event.pointerId);
    canvas.addEventListener('pointermove', move);
    canvas.addEventListener('lostpointercapture', () => canvas.removeEventListener('pointermove', move), {
      once: true,
    });
  }
}

const KEYS: Readonly<Record<string, (player: Player) => void>> = {
  ' ': (player) => player.toggle(),
  ArrowRight: (player) => player.next(),
  ArrowDown: (player) => player.next(),
  ArrowLeft: (player) => player.previous(),
  ArrowUp: (player) => player.previous(),
  PageDown: (player) => player.seek(player.now + player.span / 2),
  PageUp: (player) => player.seek(player.now - player.span / 2),
  Home: (player) => player.seek(player.timeline.trace.from),
  End: (player) => player.seek(player.timeline.trace.until),
  f: (player) => player.toFailure(),
  '+': (player) => player.zoom(-1),
  '-': (player) => player.zoom(1),
};

customElements.define('ptt-replay', Replay);
