import type { TraceNode } from '../trace.ts';

/** What a canvas is drawn with, read from the style of the element. */
export type Colour =
  | 'surface'
  | 'raised'
  | 'ink'
  | 'muted'
  | 'line'
  | 'accent'
  | 'danger'
  | 'fault'
  | TraceNode['kind'];
export type Colours = (colour: Colour) => string;

export function coloursOf(element: Element): Colours {
  const style = getComputedStyle(element);
  const known = new Map<Colour, string>();
  return (colour) => {
    const value = known.get(colour) ?? style.getPropertyValue(`--${colour}`).trim();
    known.set(colour, value);
    return value;
  };
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

const FONT = 'system-ui, sans-serif';
export const SMALL = `11px ${FONT}`;
export const BOLD = `600 12px ${FONT}`;

/** A text that stays readable on whatever lies below it. */
export function writeOver(ctx: CanvasRenderingContext2D, text: string, at: Point, ink: string, halo: string): void {
  ctx.setLineDash([]);
  ctx.lineJoin = 'round';
  ctx.lineWidth = 4;
  ctx.strokeStyle = halo;
  ctx.strokeText(text, at.x, at.y);
  ctx.fillStyle = ink;
  ctx.fillText(text, at.x, at.y);
}

/** A white text on a box, with its middle at that point, kept within the width. */
export function flag(ctx: CanvasRenderingContext2D, text: string, at: Point, width: number, colours: Colours): void {
  ctx.font = BOLD;
  const half = ctx.measureText(text).width / 2 + 6;
  const x = Math.max(half, Math.min(at.x, width - half));
  ctx.beginPath();
  ctx.roundRect(x - half, at.y - 9, half * 2, 18, 4);
  ctx.fill();
  ctx.fillStyle = colours('surface');
  ctx.fillText(text, x - half + 6, at.y);
}

const GAP = 9;

/**
 * Diagonal lines, so that a fault is told from anything else by more than its colour.
 * @param origin where the lines hang, so that they move with what they are on
 */
export function hatch(ctx: CanvasRenderingContext2D, from: Point, to: Point, colour: string, origin: number): void {
  const [width, height] = [to.x - from.x, to.y - from.y];
  ctx.save();
  ctx.beginPath();
  ctx.rect(from.x, from.y, width, height);
  ctx.clip();
  ctx.fillStyle = colour;
  ctx.globalAlpha = 0.13;
  ctx.fill();
  ctx.globalAlpha = 0.4;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  ctx.setLineDash([]);
  ctx.beginPath();
  for (let x = origin - Math.ceil((origin - from.x + height) / GAP) * GAP; x < to.x; x += GAP) {
    ctx.moveTo(x, to.y);
    ctx.lineTo(x + height, from.y);
  }
  ctx.stroke();
  ctx.restore();
}

export function cross(ctx: CanvasRenderingContext2D, { x, y }: Point, half: number): void {
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.moveTo(x - half, y - half);
  ctx.lineTo(x + half, y + half);
  ctx.moveTo(x + half, y - half);
  ctx.lineTo(x - half, y + half);
  ctx.stroke();
}

/** A round step between marks of an axis, so that there are about that many. */
export function stepOf(length: number, marks: number): number {
  const rough = length / marks;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  return magnitude * ([1, 2, 5].find((factor) => factor * magnitude >= rough) ?? 10);
}
