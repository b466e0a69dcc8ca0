import type { Player } from '../player.ts';
import type { Colours, Point } from './paint.ts';

export const GUTTER = 104;
export const AXIS = 30;
export const LANE = 42;
export const heightOf = (lanes: number): number => AXIS + lanes * LANE + 6;

/** What the parts of the picture are drawn with. */
export interface Scene {
  readonly ctx: CanvasRenderingContext2D;
  readonly player: Player;
  readonly colours: Colours;
  readonly width: number;
  readonly height: number;
  readonly window: { readonly from: number; readonly until: number };
  readonly x: (at: number) => number;
  /** Null for a node that has no lane. */
  readonly y: (node: string) => number | null;
}

export function sceneOf(ctx: CanvasRenderingContext2D, player: Player, colours: Colours, width: number): Scene {
  const { window, timeline } = player;
  const perMs = (width - GUTTER - 8) / (window.until - window.from || 1);
  return {
    ctx,
    player,
    colours,
    width,
    height: heightOf(timeline.lanes.size),
    window,
    x: (at) => GUTTER + (at - window.from) * perMs,
    y: (node) => {
      const lane = timeline.lanes.get(node);
      return lane === undefined ? null : AXIS + (lane + 0.5) * LANE;
    },
  };
}

/** A text that is wanted at that point, if it has room. */
export interface Caption extends Point {
  readonly at: number;
  readonly text: string;
  /** The message or mark that it names. */
  readonly of: unknown;
}

/** What is followed and was, is yet to come, or is not followed. */
export function opacityOf(isFollowed: boolean, isPast: boolean): number {
  if (!isFollowed) return 0.08;
  return isPast ? 1 : 0.3;
}
