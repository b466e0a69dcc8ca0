/** The look of the replay. A page around it may set the colours itself: it wins over `:host`. */
export const STYLE = `
:host {
  --surface: #ffffff; --raised: #f3f5f8; --ink: #1a1f29; --muted: #586272; --line: #d5dae2;
  --accent: #2457d6; --danger: #c01f2b; --fault: #9f5900;
  --caller: #586272; --ff: #2457d6; --admin: #7a3fc4; --tier: #0b766c; --issuer: #9a5b00;
  color-scheme: light dark; display: grid; grid-template-columns: minmax(0, 1fr); gap: 10px;
  font: 14px/1.4 system-ui, sans-serif; color: var(--ink);
}
@media (prefers-color-scheme: dark) {
  :host {
    --surface: #11141a; --raised: #1a1f28; --ink: #e9ecf1; --muted: #9ca6b5; --line: #303846;
    --accent: #7ba4ff; --danger: #ff7076; --fault: #f0a63c;
    --caller: #aab3c1; --ff: #7ba4ff; --admin: #c3a0ff; --tier: #4fd1c1; --issuer: #f2b85c;
  }
}
@media (forced-colors: active) {
  :host {
    --surface: Canvas; --raised: Canvas; --ink: CanvasText; --muted: CanvasText; --line: GrayText;
    --accent: Highlight; --danger: LinkText; --fault: GrayText;
    --caller: CanvasText; --ff: CanvasText; --admin: CanvasText; --tier: CanvasText; --issuer: CanvasText;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.bar { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: end; }
.group { display: flex; gap: 4px; align-items: end; }
.end { margin-left: auto; }
button, select, input[type=search] {
  font: inherit; color: inherit; height: 32px; padding: 0 10px; border-radius: 6px;
  border: 1px solid var(--line); background: var(--raised);
}
button { cursor: pointer; }
button:hover { border-color: var(--muted); }
button.main { min-width: 76px; background: var(--accent); border-color: var(--accent); color: var(--surface); font-weight: 600; }
button.danger { border-color: var(--danger); color: var(--danger); font-weight: 600; }
select, input[type=search] { width: 150px; }
select.short { width: 92px; }
label { display: grid; gap: 2px; }
label span { font-size: 12px; color: var(--muted); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.present { display: flex; gap: 12px; align-items: baseline; margin: 0; min-height: 1.5em; }
.present strong { font: 600 20px/1.2 ui-monospace, monospace; white-space: nowrap; min-width: 8.5ch; }
.present span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.strip { position: relative; height: 52px; border: 1px solid var(--line); border-radius: 8px; background: var(--raised); }
.strip canvas { position: absolute; inset: 0; width: 100%; height: 100%; }
.strip input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; appearance: none; background: none; cursor: ew-resize; border-radius: 8px; }
.strip input::-webkit-slider-runnable-track { height: 100%; background: none; }
.strip input::-webkit-slider-thumb { appearance: none; width: 14px; height: 100%; background: linear-gradient(var(--ink), var(--ink)) center / 2px 100% no-repeat; }
.strip input::-moz-range-track { height: 100%; background: none; }
.strip input::-moz-range-thumb { width: 14px; height: 100%; border: 0; border-radius: 0; background: linear-gradient(var(--ink), var(--ink)) center / 2px 100% no-repeat; }
.stage { display: grid; grid-template-columns: minmax(0, 1fr) 340px; gap: 12px; }
.lanes { width: 100%; border: 1px solid var(--line); border-radius: 8px; background: var(--surface); cursor: grab; touch-action: pan-y; }
.events { position: relative; }
.events ol {
  position: absolute; inset: 0; margin: 0; padding: 4px 0; overflow: auto; list-style: none;
  border: 1px solid var(--line); border-radius: 8px; background: var(--surface); font-size: 13px;
}
li { display: grid; grid-template-columns: 76px minmax(0, 1fr); gap: 8px; padding: 3px 10px; border-left: 3px solid transparent; cursor: pointer; overflow-wrap: anywhere; }
li time { font: 12px/1.6 ui-monospace, monospace; color: var(--muted); text-align: right; }
li.later { color: var(--muted); }
li.begun, li.healed { border-left-color: var(--fault); }
li.failed { border-left-color: var(--danger); color: var(--danger); font-weight: 600; }
li[aria-selected=true] { background: var(--raised); color: var(--ink); border-left-color: var(--accent); }
li[aria-selected=true].failed { color: var(--danger); border-left-color: var(--danger); }
details { font-size: 13px; color: var(--muted); }
summary { cursor: pointer; width: max-content; }
kbd { font: 12px ui-monospace, monospace; padding: 1px 5px; border: 1px solid var(--line); border-radius: 4px; background: var(--raised); color: var(--ink); }
details p { margin: 6px 0; }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; margin: 0; }
@media (forced-colors: active) {
  button.main { forced-color-adjust: none; background: Highlight; color: HighlightText; }
  li { border-left: 0; }
  li[aria-selected=true] { outline: 2px solid Highlight; outline-offset: -2px; }
}
@media (max-width: 900px) {
  .stage { grid-template-columns: minmax(0, 1fr); }
  .events { height: 320px; }
}
`;
