import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { sampleTrace } from '#libs/sim/testing';
import { Pages } from './opened-page.ts';
import { button, chosen, frame, paintedOn, press, rows, slider, spokenOn, timeOn, waitForTime } from './shown.ts';

const FAILED_AT = '6.412 s';

let pages: Pages;
let sample = '';

beforeAll(async () => {
  pages = await Pages.launch();
  sample = pages.save('sample.html', sampleTrace());
});

afterEach(() => pages.closeAll());
afterAll(() => pages.end());

const open = async (): Promise<Page> => (await pages.open(sample)).page;

describe('the replay of a run, opened from its file', () => {
  it.each([
    ['light', 'rgb(255, 255, 255)', '36 87 214'],
    ['dark', 'rgb(17, 20, 26)', '123 164 255'],
  ] as const)('plays in %s, without a complaint, and asks for nothing but itself', async (scheme, ground, ff) => {
    const { page, url, complaints, requests } = await pages.open(sample, { colorScheme: scheme });
    await press(page, 'PageDown', 'PageDown', 'Space');
    await waitForTime(page, /^0\.(?:1[7-9]|[2-9])/);
    await press(page, 'f');
    expect(await page.title()).toBe('seed 42, I2 violated');
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(ground);
    expect(await paintedOn(page)).toContain(ff);
    expect(complaints).toEqual([]);
    expect(requests).toEqual([url]);
  });

  it('paints itself anew when the colours of the system change', async () => {
    const page = await open();
    await press(page, 'f');
    const light = await paintedOn(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    await frame(page);
    expect((await paintedOn(page))[0]).not.toBe(light[0]);
  });

  it('plays and pauses', async () => {
    const page = await open();
    expect(await timeOn(page)).toBe('0.000 s');
    await button(page, 'Play').click();
    await button(page, 'Pause').waitFor();
    await waitForTime(page, /^0\.(?:0[2-9]|[1-9])/);
    await button(page, 'Pause').click();
    await button(page, 'Play').waitFor();
    const paused = await timeOn(page);
    await frame(page);
    expect(await timeOn(page)).toBe(paused);
  });

  it('plays at the chosen speed, and stops at the failure', async () => {
    const page = await open();
    await slider(page).fill('6000');
    await page.getByLabel('Speed').selectOption('20');
    await button(page, 'Play').click();
    await waitForTime(page, FAILED_AT);
    await button(page, 'Play').waitFor();
    expect(await spokenOn(page)).toContain('I2 violated at ff-2 (new-checkout)');
  });

  it('steps, and says each step', async () => {
    const page = await open();
    const first = await chosen(page).innerText();
    await button(page, 'Next').click();
    await button(page, 'Next').click();
    await frame(page);
    const third = await chosen(page).innerText();
    expect(third).not.toBe(first);
    expect(third.split('\n').at(-1)).toBe((await spokenOn(page)).split('s. ').at(-1));
    await button(page, 'Previous').click();
    await frame(page);
    expect(await chosen(page).innerText()).not.toBe(third);
  });

  it('goes to the failure', async () => {
    const page = await open();
    await button(page, 'Go to failure').click();
    await waitForTime(page, FAILED_AT);
    expect(await chosen(page).innerText()).toContain('ff-2 answered from v3 after v4 was acknowledged');
    expect(await paintedOn(page)).toContain('192 31 43');
  });

  it('goes to what is chosen in the list', async () => {
    const page = await open();
    const row = rows(page).nth(20);
    const words = await row.innerText();
    await row.click();
    await frame(page);
    expect(await chosen(page).innerText()).toBe(words);
    expect(await timeOn(page)).toBe(words.split('\n')[0]);
  });

  it('is pulled along by its lanes', async () => {
    const page = await open();
    await slider(page).fill('5000');
    const lanes = await page.getByRole('img').boundingBox();
    const [x, y] = [(lanes?.x ?? 0) + 500, (lanes?.y ?? 0) + 200];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x - 300, y, { steps: 3 });
    await page.mouse.up();
    await frame(page);
    expect(await timeOn(page)).toMatch(/^5\.0[1-9]\d s$/);
  });

  it('follows one key, or one node, or both', async () => {
    const page = await open();
    await page.getByLabel('Only the key').fill('dark-mode');
    await frame(page);
    const always = /^(?:Fault (?:begins|ends)|I2 violated)/;
    const linesOf = async (): Promise<string[]> =>
      (await rows(page).allInnerTexts())
        .map((row) => row.split('\n').at(-1) ?? '')
        .filter((line) => !always.test(line));
    expect((await linesOf()).length).toBeGreaterThan(20);
    expect((await linesOf()).filter((line) => !line.includes('(dark-mode)'))).toEqual([]);
    await page.getByLabel('Only the node').selectOption('ff-3');
    await frame(page);
    expect((await linesOf()).length).toBeGreaterThan(20);
    expect((await linesOf()).filter((line) => !/ff-3.*\(dark-mode\)/.test(line))).toEqual([]);
    await page.getByLabel('Only the key').fill('');
    await frame(page);
    expect((await linesOf()).some((line) => !line.includes('(dark-mode)'))).toBe(true);
  });

  it('has no way to a failure where nothing failed', async () => {
    const { page } = await pages.open(pages.save('passed.html', { ...sampleTrace(), failure: null }));
    await button(page, 'Next').waitFor();
    expect(await button(page, 'Go to failure').count()).toBe(0);
  });

  it('takes what a trace says as text', async () => {
    const words = '<img src=x onerror="console.error(1)">';
    const trace = sampleTrace();
    const marks = [{ node: 'ff-1', at: 0, kind: 'note', label: words, key: words } as const];
    const { page, complaints } = await pages.open(pages.save('words.html', { ...trace, title: words, marks }));
    await press(page, 'ArrowRight');
    expect(await page.title()).toBe(words);
    expect((await rows(page).allInnerTexts()).join('\n')).toContain(words);
    expect(complaints).toEqual([]);
  });

  it('takes 50,000 messages', async () => {
    const trace = sampleTrace();
    const messages = Array.from({ length: 50_000 }, (_, place) => {
      const message = trace.messages[place % trace.messages.length];
      if (message === undefined) throw new Error('the sample has no messages');
      const round = Math.floor(place / trace.messages.length) * 10_000;
      const arrivesAt = message.arrivesAt === null ? null : message.arrivesAt + round;
      return { ...message, at: message.at + round, arrivesAt };
    });
    const { page, complaints } = await pages.open(pages.save('large.html', { ...trace, until: 340_000, messages }));
    await press(page, '-', '-', '-', '-', '-', '-');
    await page.getByLabel('Speed').selectOption('1');
    await button(page, 'Play').click();
    await waitForTime(page, /^0\.[5-9]|^[1-9]/);
    await press(page, 'f');
    expect(await timeOn(page)).toBe(FAILED_AT);
    expect(complaints).toEqual([]);
  });
});
