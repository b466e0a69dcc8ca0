import { matchesMessage } from '../timeline.ts';
import type { TraceMessage } from '../trace.ts';
import { cross, type Point } from './paint.ts';
import { type Caption, opacityOf, type Scene } from './scene.ts';

const DASHES: Readonly<Record<TraceMessage['kind'], readonly number[]>> = { call: [], reply: [5, 4], event: [1.5, 4] };
/** How far a message comes that is lost, and how wide it leans on its way. */
const LOST = 0.45;
const LOST_PX = 26;

/** The messages of the window as arrows: a call is drawn through, a reply dashed, an event dotted. */
export function drawMessages(scene: Scene): readonly Caption[] {
  const { ctx, player, window, y } = scene;
  const captions: Caption[] = [];
  const { current } = player;
  for (const message of player.timeline.messagesIn(window.from, window.until)) {
    const from = y(message.from);
    const to = y(message.to);
    if (from === null || to === null) continue;
    const isFollowed = matchesMessage(message, player.filter);
    const isCurrent = (current?.kind === 'sent' || current?.kind === 'arrived') && current.message === message;
    ctx.lineWidth = isCurrent ? 3 : 1.5;
    const way = drawMessage(scene, message, { from, to }, isFollowed);
    if (isFollowed) captions.push({ ...way, at: message.at, text: message.label, of: message });
  }
  ctx.globalAlpha = 1;
  return captions;
}

/** Draws it and tells where its name may stand. */
function drawMessage(
  { ctx, player, colours, x }: Scene,
  message: TraceMessage,
  lanes: { readonly from: number; readonly to: number },
  isFollowed: boolean,
): Point {
  const { at, arrivesAt, kind } = message;
  const isLost = arrivesAt === null;
  const begin = { x: x(at), y: lanes.from };
  const end = isLost
    ? { x: begin.x + LOST_PX, y: between(lanes.from, lanes.to, LOST) }
    : { x: x(arrivesAt), y: lanes.to };
  const lane = player.timeline.lanes.get(message.from) ?? 0;
  const colour = isLost ? 'danger' : (player.timeline.trace.nodes[lane]?.kind ?? 'ink');
  const isPast = at <= player.now;
  const isOnItsWay = isPast && arrivesAt !== null && arrivesAt > player.now;
  ctx.strokeStyle = colours(colour);
  ctx.fillStyle = colours(colour);
  ctx.setLineDash(DASHES[kind]);
  ctx.globalAlpha = opacityOf(isFollowed, isPast && !isOnItsWay);
  line(ctx, begin, end);
  if (isLost) cross(ctx, end, 5);
  else if (isFollowed) head(ctx, begin, end, kind);
  if (isOnItsWay && isFollowed) {
    const part = (player.now - at) / (arrivesAt - at);
    const here = { x: between(begin.x, end.x, part), y: between(begin.y, end.y, part) };
    ctx.globalAlpha = 1;
    line(ctx, begin, here);
    ctx.beginPath();
    ctx.arc(here.x, here.y, 5, 0, Math.PI * 2);
    ctx.fill();
  }
  return { x: between(begin.x, end.x, 0.5) + 7, y: between(begin.y, end.y, 0.5) };
}

const between = (from: number, to: number, part: number): number => from + (to - from) * part;

function line(ctx: CanvasRenderingContext2D, from: Point, to: Point): void {
  ctx.beginPath();
  ctx.moveTo(from.x, from.y);
  ctx.lineTo(to.x, to.y);
  ctx.stroke();
}

/** Filled for a call, open for a reply, round for an event. */
function head(ctx: CanvasRenderingContext2D, from: Point, to: Point, kind: TraceMessage['kind']): void {
  ctx.setLineDash([]);
  ctx.beginPath();
  if (kind === 'event') {
    ctx.arc(to.x, to.y, 3.5, 0, Math.PI * 2);
    ctx.fill();
    return;
  }
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  const wing = (turn: number): Point => ({
    x: to.x - 8 * Math.cos(angle + turn),
    y: to.y - 8 * Math.sin(angle + turn),
  });
  const [left, right] = [wing(0.4), wing(-0.4)];
  ctx.moveTo(left.x, left.y);
  ctx.lineTo(to.x, to.y);
  ctx.lineTo(right.x, right.y);
  if (kind === 'call') ctx.fill();
  else ctx.stroke();
}
