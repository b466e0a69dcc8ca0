import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { sampleTrace } from '#libs/sim/testing';
import { Pages } from './opened-page.ts';
import { button, chosen, focusOn, list, press, slider, spokenOn, timeOn } from './shown.ts';

let pages: Pages;
let sample = '';

beforeAll(async () => {
  pages = await Pages.launch();
  sample = pages.save('sample.html', sampleTrace());
});

afterEach(() => pages.closeAll());
afterAll(() => pages.end());

const open = async (): Promise<Page> => (await pages.open(sample)).page;
describe('the replay without a mouse', () => {
  it('can be reached by the tab key in the order in which it is seen', async () => {
    const page = await open();
    const seen = [await focusOn(page)];
    for (let stop = 0; stop < 10; stop += 1) {
      await press(page, 'Tab');
      seen.push(await focusOn(page));
    }
    expect(seen).toEqual([
      'button Play',
      'button Previous',
      'button Next',
      'button Go to failure',
      'select Speed',
      'button Zoom out',
      'button Zoom in',
      'input Only the key',
      'select Only the node',
      'input Time',
      'listbox What happens',
    ]);
  });

  it('plays, pauses, steps, jumps and zooms by keys alone', async () => {
    const page = await open();
    await press(page, 'Space');
    await button(page, 'Pause').waitFor();
    await press(page, 'Space');
    await button(page, 'Play').waitFor();
    await press(page, 'End');
    expect(await timeOn(page)).toBe('10.000 s');
    await press(page, 'F');
    expect(await timeOn(page)).toBe('6.412 s');
    await press(page, 'Home');
    expect(await timeOn(page)).toBe('0.000 s');
    await press(page, 'ArrowRight', 'ArrowRight', 'ArrowRight');
    const there = await timeOn(page);
    expect(there).not.toBe('0.000 s');
    await press(page, 'ArrowRight', 'ArrowLeft');
    expect(await timeOn(page)).toBe(there);
    await press(page, 'Home', '+', 'PageDown');
    const near = Number.parseFloat(await timeOn(page));
    await press(page, 'Home', '-', 'PageDown');
    expect(Number.parseFloat(await timeOn(page))).toBeCloseTo(near * 2, 2);
  });

  it('presses the button that has the focus, whatever the space bar means elsewhere', async () => {
    const page = await open();
    await press(page, 'Tab', 'Tab', 'Space');
    expect(await focusOn(page)).toBe('button Next');
    await button(page, 'Play').waitFor();
    expect(await timeOn(page)).not.toBe('0.000 s');
  });

  it('leaves the keys alone where somebody types', async () => {
    const page = await open();
    await page.getByLabel('Only the key').focus();
    await page.keyboard.type('f +-ff');
    await press(page, 'Home', 'ArrowRight');
    expect(await page.getByLabel('Only the key').inputValue()).toBe('f +-ff');
    expect(await timeOn(page)).toBe('0.000 s');
  });

  it('steps through the list as a list box, which names its choice', async () => {
    const page = await open();
    await list(page).focus();
    await press(page, 'ArrowDown', 'ArrowDown');
    const id = await list(page).getAttribute('aria-activedescendant');
    expect(await chosen(page).getAttribute('id')).toBe(id);
    // The list box says it; a second voice would say it again.
    expect(await spokenOn(page)).toBe('');
  });

  it('moves its slider, which says where it is', async () => {
    const page = await open();
    await slider(page).focus();
    await press(page, 'End');
    expect(await slider(page).getAttribute('aria-valuetext')).toBe('10.000 s of 10.000 s');
  });
});

describe('the replay on any screen', () => {
  it('fits a narrow one', async () => {
    const { page } = await pages.open(sample, { viewport: { width: 420, height: 800 } });
    await press(page, 'f');
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });

  it('takes the colours that somebody needs', async () => {
    const { page, complaints } = await pages.open(sample, { forcedColors: 'active' });
    await press(page, 'f');
    expect(await timeOn(page)).toBe('6.412 s');
    expect(complaints).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('has enough contrast for its texts in %s', async (scheme) => {
    const { page } = await pages.open(sample, { colorScheme: scheme });
    const faint = await page.evaluate(`(() => {
      const style = getComputedStyle(document.querySelector('ptt-replay'));
      const light = (name) => {
        const hex = style.getPropertyValue('--' + name).trim();
        const [r, g, b] = [1, 3, 5].map((at) => {
          const part = parseInt(hex.slice(at, at + 2), 16) / 255;
          return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const inks = ['ink', 'muted', 'accent', 'danger', 'fault', 'caller', 'ff', 'admin', 'tier', 'issuer'];
      return ['surface', 'raised'].flatMap((ground) => inks.flatMap((ink) => {
        const [low, high] = [light(ground), light(ink)].sort((a, b) => a - b);
        const contrast = (high + 0.05) / (low + 0.05);
        return contrast >= 4.5 ? [] : [ink + ' on ' + ground + ': ' + contrast.toFixed(2)];
      }));
    })()`);
    expect(faint).toEqual([]);
  });
});
