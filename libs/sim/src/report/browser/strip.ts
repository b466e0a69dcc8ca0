import type { Player } from '../player.ts';
import type { Timeline } from '../timeline.ts';
import { cross, hatch, type Colours } from './paint.ts';

/** Half the handle of the slider that lies on it: the slider's ends are not those of the strip. */
const MARGIN = 7;
const PARTS = 240;

/** How busy the whole run was, with its faults, its failure and the visible window. */
export class Strip {
  readonly #density: readonly number[];
  readonly #highest: number;

  constructor(timeline: Timeline) {
    this.#density = timeline.density(PARTS);
    this.#highest = Math.max(1, ...this.#density);
  }

  draw(ctx: CanvasRenderingContext2D, player: Player, colours: Colours, width: number, height: number): void {
    const { trace, length } = player.timeline;
    const x = (at: number): number => MARGIN + ((at - trace.from) / (length || 1)) * (width - 2 * MARGIN);
    const bar = (width - 2 * MARGIN) / PARTS;
    ctx.fillStyle = colours('muted');
    ctx.globalAlpha = 0.55;
    for (const [part, count] of this.#density.entries()) {
      const high = (count / this.#highest) * (height - 8);
      ctx.fillRect(MARGIN + part * bar, height - high, Math.max(0.5, bar - 0.75), high);
    }
    for (const { from, until } of trace.faults) {
      const left = Math.max(x(from), 0);
      const right = Math.max(Math.min(x(until), width), left + 2);
      hatch(ctx, { x: left, y: 0 }, { x: right, y: height }, colours('fault'), left);
    }
    ctx.globalAlpha = 1;
    ctx.setLineDash([]);
    ctx.lineWidth = 2;
    if (trace.failure !== null) {
      const left = x(trace.failure.at);
      ctx.strokeStyle = colours('danger');
      ctx.strokeRect(left, 0, 0, height);
      cross(ctx, { x: left, y: 9 }, 5);
    }
    const { from, until } = player.window;
    ctx.strokeStyle = colours('accent');
    ctx.beginPath();
    ctx.roundRect(x(from), 1, Math.max(3, x(until) - x(from)), height - 2, 4);
    ctx.stroke();
  }
}
