import type { TraceFault } from '../trace.ts';
import { lengthOf, timeOf } from '../words.ts';
import { drawMessages } from './arrows.ts';
import { drawCaptions } from './captions.ts';
import { drawMarks } from './marks.ts';
import { BOLD, cross, flag, hatch, SMALL, stepOf, writeOver } from './paint.ts';
import { AXIS, GUTTER, LANE, type Scene } from './scene.ts';

/** The lanes with all that lies in the window. */
export function drawLanes(scene: Scene): void {
  const { ctx, width, height } = scene;
  ctx.textBaseline = 'middle';
  drawGrid(scene);
  ctx.save();
  ctx.beginPath();
  ctx.rect(GUTTER, 0, width - GUTTER, height);
  ctx.clip();
  for (const fault of scene.player.timeline.trace.faults) drawFault(scene, fault);
  const captions = [...drawMessages(scene), ...drawMarks(scene)];
  drawCaptions(scene, captions);
  drawFailure(scene);
  ctx.restore();
  drawPresent(scene);
}

function drawGrid({ ctx, player, colours, width, height, window, x, y }: Scene): void {
  const step = stepOf(window.until - window.from, (width - GUTTER) / 110);
  ctx.font = SMALL;
  ctx.lineWidth = 1;
  ctx.setLineDash([]);
  ctx.strokeStyle = colours('line');
  ctx.fillStyle = colours('muted');
  for (let at = Math.ceil(window.from / step) * step; at <= window.until; at += step) {
    ctx.globalAlpha = 0.5;
    ctx.strokeRect(Math.round(x(at)) + 0.5, AXIS, 0, height - AXIS);
    ctx.globalAlpha = 1;
    if (Math.abs(x(at) - x(player.now)) > 60) ctx.fillText(timeOf(at), x(at) + 4, AXIS - 8);
  }
  ctx.fillText(`${lengthOf(window.until - window.from)} wide`, 10, AXIS / 2);
  for (const { name, kind } of player.timeline.trace.nodes) {
    const middle = y(name) ?? 0;
    ctx.globalAlpha = 0.55;
    ctx.strokeStyle = colours(kind);
    ctx.strokeRect(GUTTER, middle, width - GUTTER, 0);
    ctx.globalAlpha = 1;
    ctx.fillStyle = colours(kind);
    ctx.beginPath();
    ctx.roundRect(10, middle - 9, 4, 18, 2);
    ctx.fill();
    ctx.font = BOLD;
    ctx.fillText(name, 20, middle, GUTTER - 26);
  }
}

function drawFault({ ctx, player, colours, window, width, x, y }: Scene, fault: TraceFault): void {
  if (fault.until < window.from || fault.from > window.until) return;
  const nodes = fault.nodes.length > 0 ? fault.nodes : [...player.timeline.lanes.keys()];
  const left = Math.max(x(fault.from), GUTTER);
  const right = Math.min(x(fault.until), width);
  let isNamed = false;
  for (const middle of nodes.map(y)) {
    if (middle === null) continue;
    const from = { x: left, y: middle - LANE / 2 + 2 };
    hatch(ctx, from, { x: Math.max(right, left + 2), y: middle + LANE / 2 - 2 }, colours('fault'), x(fault.from));
    ctx.font = SMALL;
    const text = isNamed ? fault.kind : `${fault.kind}: ${fault.label}`;
    writeOver(ctx, text, { x: left + 5, y: from.y + 7 }, colours('fault'), colours('surface'));
    isNamed = true;
  }
}

function drawFailure({ ctx, player, colours, window, width, height, x, y }: Scene): void {
  const { failure } = player.timeline.trace;
  if (failure === null || failure.at < window.from || failure.at > window.until) return;
  const left = x(failure.at);
  ctx.strokeStyle = colours('danger');
  ctx.fillStyle = colours('danger');
  // Broad enough to be seen on both sides of the present.
  ctx.setLineDash([]);
  ctx.globalAlpha = 0.35;
  ctx.fillRect(left - 4, AXIS, 8, height);
  ctx.globalAlpha = 1;
  ctx.lineWidth = 2;
  const middle = failure.node === null ? null : y(failure.node);
  if (middle !== null) {
    ctx.beginPath();
    ctx.arc(left, middle, 11, 0, Math.PI * 2);
    ctx.stroke();
    cross(ctx, { x: left, y: middle }, 5);
  }
  flag(ctx, `${failure.invariant} violated`, { x: left, y: AXIS + 9 }, width, colours);
}

function drawPresent({ ctx, player, colours, width, height, x }: Scene): void {
  ctx.setLineDash([]);
  ctx.lineWidth = 2;
  ctx.strokeStyle = colours('ink');
  ctx.fillStyle = colours('ink');
  ctx.strokeRect(x(player.now), 18, 0, height);
  flag(ctx, timeOf(player.now), { x: x(player.now), y: 10 }, width, colours);
}
