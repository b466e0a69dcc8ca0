import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import type { Trace } from '#libs/sim';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CHROMIUM = '/usr/bin/chromium';
const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Made by what is built, as `ptt` makes it; the sources are for the suites that need no browser. */
function pageOf(trace: Trace): string {
  const made = join(ROOT, 'dist', 'libs', 'sim', 'src', 'report', 'page.js');
  const program = `
    import { text } from 'node:stream/consumers';
    import { reportPage } from ${JSON.stringify(pathToFileURL(made).href)};
    process.stdout.write(reportPage(JSON.parse(await text(process.stdin))));`;
  return execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    input: JSON.stringify(trace),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
}

/** A page that was opened from its file, with all that it said and asked for. */
export interface Opened {
  readonly page: Page;
  readonly url: string;
  readonly complaints: readonly string[];
  readonly requests: readonly string[];
}

/** One browser with a fresh profile, and a folder with the files that it opens. */
export class Pages {
  readonly #browser: Browser;
  readonly #folder = mkdtempSync(join(tmpdir(), 'ptt-e2e-'));

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async launch(): Promise<Pages> {
    return new Pages(await chromium.launch({ executablePath: CHROMIUM, args: FLAGS }));
  }

  save(name: string, trace: Trace): string {
    const file = join(this.#folder, name);
    writeFileSync(file, pageOf(trace));
    return pathToFileURL(file).href;
  }

  async open(url: string, options: BrowserContextOptions = {}): Promise<Opened> {
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(error.message));
    context.on('request', (request) => requests.push(request.url()));
    await page.goto(url);
    return { page, url, complaints, requests };
  }

  async closeAll(): Promise<void> {
    await Promise.all(this.#browser.contexts().map((context) => context.close()));
  }

  async end(): Promise<void> {
    await this.#browser.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
