import { createHash } from 'node:crypto';
import { replayScript } from './script.ts';
import type { Trace } from './trace.ts';
import { timeOf } from './words.ts';

const START = `
const replay = document.querySelector('ptt-replay');
replay.show(JSON.parse(document.querySelector('#trace').textContent));
replay.focus();
`;

const STYLE = `
:root { color-scheme: light dark; --surface: #fff; --ink: #1a1f29; --muted: #586272; --danger: #c01f2b; --raised: #f3f5f8; }
@media (prefers-color-scheme: dark) {
  :root { --surface: #11141a; --ink: #e9ecf1; --muted: #9ca6b5; --danger: #ff7076; --raised: #1a1f28; }
}
body, header { grid-template-columns: minmax(0, 1fr); }
body { margin: 0 auto; max-width: 1800px; padding: 16px 20px; display: grid; gap: 12px; font: 14px/1.45 system-ui, sans-serif; background: var(--surface); color: var(--ink); }
h1 { margin: 0; font-size: 20px; line-height: 1.3; }
p { margin: 0; }
header { display: grid; gap: 4px; }
dl { display: flex; flex-wrap: wrap; gap: 2px 20px; margin: 0; color: var(--muted); font-size: 13px; }
dl div { display: flex; gap: 6px; }
dd { margin: 0; color: var(--ink); overflow-wrap: anywhere; }
code { font: 12px/1.5 ui-monospace, monospace; background: var(--raised); padding: 1px 5px; border-radius: 4px; user-select: all; }
.failure { color: var(--danger); font-weight: 600; }
`;

/** The run as one file that needs nothing else: no server, no network, no storage. */
export function reportPage(trace: Trace): string {
  const script = `${replayScript()}\n${START}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyFor(script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(trace.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${escaped(trace.title)}</h1>
${failureOf(trace)}<dl>
${factsOf(trace)}
</dl>
</header>
<main>
<noscript><p>This page plays the run by a script, which is switched off here.</p></noscript>
<ptt-replay></ptt-replay>
</main>
<script type="application/json" id="trace">${dataOf(trace)}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

/** Just this page's script and styles run, and nothing is fetched, embedded or sent. */
function policyFor(script: string): string {
  const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(STYLE)}; base-uri 'none'; form-action 'none'`;
}

function failureOf({ failure }: Trace): string {
  if (failure === null) return '';
  const { invariant, at, node, key, detail } = failure;
  const where = [timeOf(at), node, key].filter((part) => part !== null).join(', ');
  return `<p class="failure">${escaped(`${invariant} violated at ${where}: ${detail}`)}</p>\n`;
}

function factsOf({ seed, commit, command, from, until, nodes, messages }: Trace): string {
  const facts: readonly (readonly [name: string, value: string])[] = [
    ['Seed', String(seed)],
    ['Commit', commit],
    ['Recorded', `${timeOf(from)} to ${timeOf(until)}`],
    ['Nodes', String(nodes.length)],
    ['Messages', String(messages.length)],
  ];
  const rows = facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${escaped(value)}</dd></div>`);
  return [...rows, `<div><dt>Replay</dt><dd><code>${escaped(command)}</code></dd></div>`].join('\n');
}

/** JSON stays JSON with `<` written so, and no tag ends or begins in it. */
const dataOf = (trace: Trace): string => JSON.stringify(trace).replaceAll('<', String.raw`\u003c`);

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (found) => ENTITIES[found] ?? found);
