/** A real browser for the tests of the dashboard, which notes what it should not have seen. */
import { AxeBuilder } from '@axe-core/playwright';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';
import { CLOCK_BEGINS } from './demo-workspace.ts';

/** Names that a Chromium goes by; `tools/chromium.mjs` installs the first. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const PROGRAM = NAMES.flatMap((name) =>
  (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => path.join(folder, name)),
).find((file) => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
});

/** What stands behind the name of a suite that is left out, and why; empty where there is a browser. */
export const SKIPPED =
  PROGRAM === undefined ? ' (skipped: there is no Chromium; node tools/setup.mjs --web)' : '';

/** Starts the browser; the sandbox is not to be had for root. */
export function openBrowser(): Promise<Browser> {
  if (PROGRAM === undefined) throw new Error('there is no Chromium');
  return chromium.launch({
    executablePath: PROGRAM,
    // Letters with coloured edges differ from screen to screen.
    args: ['--disable-lcd-text', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
}

export type Theme = 'light' | 'dark';

/** A page that was looked at from its beginning. */
export interface WatchedPage extends AsyncDisposable {
  readonly page: Page;
  /** Errors of the console and of scripts. */
  readonly errors: string[];
  /** Addresses of other hosts that were asked for. */
  readonly strangers: string[];
  /** Requests to the interface, as `GET /v1/...`, the oldest first. */
  readonly asked: string[];
}

export interface PageOptions {
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
  /** Status codes that the browser may complain of in its console, since a test makes them. */
  readonly expectedStatus?: readonly number[];
  /** On which day the browser is; that of the demo workspace unless said otherwise, the machine's for null. */
  readonly clockBegins?: string | null;
}

/** Opens a page with cookies of its own, at nothing yet. */
export async function openPage(
  browser: Browser,
  base: string,
  {
    theme = 'light',
    width = 1440,
    height = 900,
    expectedStatus = [],
    clockBegins = CLOCK_BEGINS,
  }: PageOptions = {},
): Promise<WatchedPage> {
  const options: BrowserContextOptions = {
    baseURL: base,
    colorScheme: theme,
    viewport: { width, height },
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
  };
  const context = await browser.newContext(options);
  if (clockBegins !== null) await context.addInitScript(clockScript(clockBegins));
  const page = await context.newPage();
  const errors: string[] = [];
  const strangers: string[] = [];
  const asked: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() !== 'error') return;
    if (expectedStatus.some((status) => text.includes(`status of ${String(status)}`))) return;
    errors.push(`${text} (${message.location().url})`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (/^(https?|wss?):$/.test(url.protocol) && url.origin !== base) strangers.push(url.href);
    if (url.pathname.startsWith('/v1/')) asked.push(`${request.method()} ${url.pathname}${url.search}`);
  });
  return {
    page,
    errors,
    strangers,
    asked,
    [Symbol.asyncDispose]: () => context.close(),
  };
}

/** Runs in the page before its scripts: its clock begins at that instant and goes on from there. */
const clockScript = (begins: string): string => `{
  const MachineDate = Date;
  const offset = ${String(Date.parse(begins))} - MachineDate.now();
  globalThis.Date = class extends MachineDate {
    constructor(...parts) {
      if (parts.length === 0) super(MachineDate.now() + offset);
      else super(...parts);
    }
    static now() {
      return MachineDate.now() + offset;
    }
  };
}`;

/** What stands where something is on its way. */
const LOADING = '[role="status"][aria-label="Loading"], [aria-busy="true"]';

/** Waits until nothing is being loaded any more, and the page has its heading. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor();
  // By a locator: the policy of the page forbids to evaluate text in it.
  await page.locator(LOADING).first().waitFor({ state: 'detached' });
  await page.evaluate('document.fonts.ready.then(() => undefined)');
}

/** What axe finds against WCAG 2.2 AA and good practice, a line each; empty where all is well. */
export async function violations(page: Page): Promise<string[]> {
  const results = await new AxeBuilder({ page }).analyze();
  return results.violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}: ${nodes
        .slice(0, 3)
        .map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`)
        .join(' | ')} (${String(nodes.length)})`,
  );
}

/** The words of the page's main part, with blanks made one. */
export async function wordsOf(page: Page): Promise<string> {
  return (await page.locator('main').innerText()).replaceAll(/\s+/g, ' ').trim();
}

/** The id of the customer that a link leads to; its text may be cut short. */
export async function customerOf(link: Locator): Promise<string> {
  const address = (await link.first().getAttribute('href')) ?? '';
  return decodeURIComponent(/\/customers\/([^?]+)/.exec(address)?.[1] ?? '');
}
