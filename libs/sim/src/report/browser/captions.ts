import type { Happening } from '../timeline.ts';
import { BOLD, SMALL, writeOver } from './paint.ts';
import type { Caption, Scene } from './scene.ts';

const subjectOf = (it: Happening | null): unknown => {
  if (it?.kind === 'mark') return it.mark;
  return it?.kind === 'sent' || it?.kind === 'arrived' ? it.message : null;
};

/** The nearest to the present first, each only where it covers no other. */
export function drawCaptions({ ctx, player, colours, x }: Scene, captions: readonly Caption[]): void {
  const current = subjectOf(player.current);
  const distance = (caption: Caption): number => (caption.of === current ? -1 : Math.abs(caption.at - player.now));
  const nearest = captions.toSorted((a, b) => distance(a) - distance(b)).slice(0, 70);
  const taken: { readonly left: number; readonly right: number; readonly y: number }[] = [];
  for (const caption of nearest) {
    const isCurrent = caption.of === current;
    ctx.font = isCurrent ? BOLD : SMALL;
    const box = { left: caption.x - 3, right: caption.x + ctx.measureText(caption.text).width + 3, y: caption.y };
    if (taken.some(({ left, right, y }) => box.left < right && box.right > left && Math.abs(y - box.y) < 13)) continue;
    taken.push(box);
    ctx.globalAlpha = x(caption.at) <= x(player.now) ? 1 : 0.45;
    writeOver(ctx, caption.text, caption, colours(isCurrent ? 'ink' : 'muted'), colours('surface'));
  }
  ctx.globalAlpha = 1;
}
