/**
 * Takes the pictures of the dashboard that the documents show: `npm run screenshots` writes those into `docs/images`.
 * The demo workspace is made anew, by a fixed seed and clock, so that pictures differ where the pages do.
 *
 *   --all <folder>        every page, light and dark, at 1440 and 390 px, into that folder instead
 *   --workspace <folder>  takes the demo workspace that is there
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import type { Customers } from '../src/desk/index.ts';
import { openBrowser, openPage, settled, type Theme } from '../tests/web/browser.ts';
import { makeDemoWorkspace, serveWorkspace } from '../tests/web/demo-workspace.ts';
import { PAGES } from '../tests/web/pages.ts';
import { withPalette } from './palette-png.ts';

const { values: options } = parseArgs({
  options: { all: { type: 'string' }, workspace: { type: 'string' } },
});

const ROOT = path.join(import.meta.dirname, '..');
const BYTES_AT_MOST = 150_000;
const WIDTHS = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } } as const;

interface Picture {
  readonly page: string;
  readonly theme: Theme;
  readonly width: keyof typeof WIDTHS;
}

const THEMES: readonly Theme[] = ['light', 'dark'];
/** Those that the documents show. */
const SHOWN: readonly Picture[] = [
  ...PAGES.map(({ name }): Picture => ({ page: name, theme: 'light', width: 'wide' })),
  { page: 'queue', theme: 'dark', width: 'wide' },
  { page: 'queue', theme: 'light', width: 'narrow' },
];
const ALL: readonly Picture[] = PAGES.flatMap(({ name }) =>
  THEMES.flatMap((theme) =>
    (['wide', 'narrow'] as const).map((width): Picture => ({ page: name, theme, width })),
  ),
);

/** `queue`, `queue-dark`, `queue-narrow`. */
const nameOf = ({ page, theme, width }: Picture): string =>
  [page, theme === 'dark' ? 'dark' : '', width === 'narrow' ? 'narrow' : ''].filter(Boolean).join('-');

async function take(browser: Browser, url: string, picture: Picture, id: string): Promise<Buffer> {
  const wanted = PAGES.find(({ name }) => name === picture.page);
  if (wanted === undefined) throw new Error(`there is no page ${picture.page}`);
  await using watched = await openPage(browser, url, { theme: picture.theme, ...WIDTHS[picture.width] });
  const { page } = watched;
  await page.goto(wanted.address(id));
  await settled(page);
  await page.waitForLoadState('networkidle');
  const note = page.getByRole('button', { name: /put this note away/i });
  if ((await note.count()) > 0) await note.first().click();
  return withPalette(await page.screenshot({ caret: 'hide', animations: 'disabled' }));
}

async function takeAll(workspace: string): Promise<void> {
  const folder = options.all ?? path.join(ROOT, 'docs/images');
  await mkdir(folder, { recursive: true });
  await using server = await serveWorkspace(workspace);
  const browser = await openBrowser();
  try {
    const answer = await fetch(`${server.url}/v1/customers?tab=due&tier=RED&limit=1`);
    const { rows } = (await answer.json()) as Customers;
    for (const picture of options.all === undefined ? SHOWN : ALL) {
      const image = await take(browser, server.url, picture, rows[0]?.id ?? '');
      const file = path.join(folder, `${nameOf(picture)}.png`);
      await writeFile(file, image);
      const size = `${String(Math.ceil(image.length / 1000))} KB`;
      process.stdout.write(`${file}: ${size}${image.length > BYTES_AT_MOST ? ', more than 150 KB' : ''}\n`);
      if (image.length > BYTES_AT_MOST) process.exitCode = 1;
    }
  } finally {
    await browser.close();
  }
}

if (options.workspace !== undefined) await takeAll(options.workspace);
else {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-screenshots-'));
  try {
    await makeDemoWorkspace(folder);
    await takeAll(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
