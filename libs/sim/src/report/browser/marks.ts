import { matchesMark } from '../timeline.ts';
import type { TraceMark } from '../trace.ts';
import { type Caption, LANE, opacityOf, type Scene } from './scene.ts';

/** What happened within nodes: a commit is a square, an answer a circle, a load a triangle, a note a diamond. */
export function drawMarks(scene: Scene): readonly Caption[] {
  const { ctx, player, colours, window, x, y } = scene;
  const captions: Caption[] = [];
  for (const mark of player.timeline.marksIn(window.from, window.until)) {
    const at = { x: x(mark.at), y: y(mark.node) ?? -LANE };
    const isFollowed = matchesMark(mark, player.filter);
    ctx.globalAlpha = opacityOf(isFollowed, mark.at <= player.now);
    ctx.fillStyle = colours('ink');
    ctx.strokeStyle = colours('surface');
    ctx.lineWidth = 2;
    ctx.setLineDash([]);
    ctx.beginPath();
    glyph(ctx, mark.kind, at.x, at.y);
    ctx.stroke();
    ctx.fill();
    if (isFollowed) captions.push({ x: at.x + 8, y: at.y + 12, at: mark.at, text: mark.label, of: mark });
  }
  ctx.globalAlpha = 1;
  return captions;
}

function glyph(ctx: CanvasRenderingContext2D, kind: TraceMark['kind'], x: number, y: number): void {
  switch (kind) {
    case 'commit':
      ctx.rect(x - 4.5, y - 4.5, 9, 9);
      break;
    case 'answer':
      ctx.arc(x, y, 5, 0, Math.PI * 2);
      break;
    case 'load':
    case 'note': {
      const bottom = kind === 'load' ? 4.5 : 6;
      ctx.moveTo(x, y - 6);
      ctx.lineTo(x + 5.5, kind === 'load' ? y + bottom : y);
      if (kind === 'note') ctx.lineTo(x, y + bottom);
      ctx.lineTo(x - 5.5, kind === 'load' ? y + bottom : y);
      ctx.closePath();
      break;
    }
  }
}
