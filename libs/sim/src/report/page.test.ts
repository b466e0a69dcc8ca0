import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { sampleTrace } from '../testing/sample-trace.ts';
import { reportPage } from './page.ts';
import { replayScript } from './script.ts';
import type { Trace } from './trace.ts';

const EVIL = `</script><script>alert("1")</script><!--<img src=x onerror='alert(1)'>`;

const dataOf = (page: string): unknown =>
  JSON.parse(/<script type="application\/json" id="trace">(.*?)<\/script>/s.exec(page)?.[1] ?? '');

const evil = (): Trace => {
  const trace = sampleTrace();
  const [message, ...messages] = trace.messages;
  return {
    ...trace,
    title: EVIL,
    command: EVIL,
    commit: EVIL,
    nodes: trace.nodes.map((node, place) => (place === 0 ? { ...node, name: EVIL } : node)),
    messages: message === undefined ? [] : [{ ...message, label: EVIL, key: EVIL }, ...messages],
    failure: { invariant: EVIL, at: 1, node: EVIL, key: EVIL, detail: EVIL },
  };
};

describe('the report page', () => {
  it('names the run, its failure, and the command that replays it', () => {
    const page = reportPage(sampleTrace());
    expect(page).toContain('<title>seed 42, I2 violated</title>');
    expect(page).toContain('<h1>seed 42, I2 violated</h1>');
    expect(page).toContain('I2 violated at 6.412 s, ff-2, new-checkout: ');
    expect(page).toContain('<code>ptt simulate --seed 42 --faults partition,pause --report report.html</code>');
  });

  it('says nothing of a failure where there was none', () => {
    expect(reportPage({ ...sampleTrace(), title: 'seed 42, passed', failure: null })).not.toContain('class="failure"');
  });

  it('holds the whole trace', () => {
    const trace = sampleTrace();
    expect(dataOf(reportPage(trace))).toEqual(trace);
  });

  it('refers to nothing outside itself', () => {
    const page = reportPage(sampleTrace());
    expect(page).not.toMatch(/https?:|\/\/[a-z]+\./i);
    expect(page).not.toMatch(/<link|\ssrc=|\shref=|@import|url\(|sourceMappingURL/i);
  });

  it('lets only its own script and style run, and nothing be fetched', () => {
    const page = reportPage(sampleTrace());
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1];
    const hashes = [/<script type="module">(.*?)<\/script>/s, /<style>(.*?)<\/style>/s].map((part) => {
      const text = part.exec(page)?.[1] ?? '';
      return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    });
    expect(policy).toBe(
      `default-src 'none'; script-src ${hashes[0]}; style-src ${hashes[1]}; base-uri 'none'; form-action 'none'`,
    );
  });

  it('takes whatever the trace says as text', () => {
    const plain = reportPage(sampleTrace());
    const page = reportPage(evil());
    const tags = (text: string): number => text.split(/<[a-z!/]/i).length;
    // The failure has no new tags, and neither has anything else.
    expect(tags(page)).toBe(tags(plain));
    expect(page).not.toContain('<img');
    expect(dataOf(page)).toEqual(evil());
  });
});

describe('the script of the replay', () => {
  it('is one text that needs no other module', () => {
    const script = replayScript();
    expect(() => new Script(script)).not.toThrow();
    expect(script).toContain("customElements.define('ptt-replay', Replay)");
    expect(script).not.toMatch(/^(?:import|export)\b/m);
  });

  it('never makes markup of a text', () => {
    expect(replayScript()).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write/);
  });
});
