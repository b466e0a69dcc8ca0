import type { Locator, Page } from 'playwright-core';

// What a reader sees and hears of a replay, by role and name. Locators look into the element's shadow by themselves.

export const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true });
export const slider = (page: Page): Locator => page.getByRole('slider', { name: 'Time' });
export const list = (page: Page): Locator => page.getByRole('listbox', { name: 'What happens' });
export const rows = (page: Page): Locator => list(page).getByRole('option');
export const chosen = (page: Page): Locator => list(page).getByRole('option', { selected: true });

export const timeOn = (page: Page): Promise<string> => page.locator('.present strong').innerText();
export const spokenOn = (page: Page): Promise<string> => page.getByRole('status').innerText();
export const waitForTime = (page: Page, time: RegExp | string): Promise<void> =>
  page.locator('.present strong', { hasText: time }).waitFor();

/** Everything is shown in the frame after it was asked for. */
export const frame = (page: Page): Promise<unknown> =>
  page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');

export async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
  await frame(page);
}

/** The colours that the lanes are painted with, as text, the most frequent first. */
export const paintedOn = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => {
    const canvas = document.querySelector('ptt-replay').shadowRoot.querySelector('canvas.lanes');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const counts = new Map();
    for (let at = 0; at < data.length; at += 4) {
      if (data[at + 3] < 255) continue;
      const colour = [data[at], data[at + 1], data[at + 2]].join(' ');
      counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
    return [...counts].sort((a, b) => b[1] - a[1]).map(([colour]) => colour);
  })()`);

/** What has the focus: its role or tag, and its name. */
export const focusOn = (page: Page): Promise<string> =>
  page.evaluate(`(() => {
    const { activeElement: it } = document.querySelector('ptt-replay').shadowRoot;
    const name = it?.ariaLabel ?? it?.labels?.[0]?.querySelector('span')?.textContent ?? it?.textContent;
    return it === null ? '' : (it.role ?? it.localName) + ' ' + name;
  })()`);
