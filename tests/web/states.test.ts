/** Every page in every state, light and dark, in a real browser: what axe finds, and what must never happen. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Customers } from '../../src/desk/index.ts';
import { openPage, settled, SKIPPED, type Theme, violations } from './browser.ts';
import { FAULT, PAGES, putInto, STATES } from './pages.ts';
import { openServed, type Served } from './served.ts';

const THEMES: readonly Theme[] = ['light', 'dark'];
const CASES = PAGES.flatMap((page) =>
  STATES.flatMap((state) => THEMES.map((theme) => ({ name: page.name, page, state, theme }))),
);

describe.skipIf(SKIPPED !== '')(`a page${SKIPPED}`, () => {
  let served: Served;
  let id: string;
  beforeAll(async () => {
    served = await openServed();
    const { rows } = await served.document<Customers>('/v1/customers?tab=due&limit=1');
    id = rows[0]?.id ?? '';
  });
  afterAll(() => served[Symbol.asyncDispose]());

  test.each(CASES)('$name, $state, $theme, is for everybody', async ({ page: wanted, state, theme }) => {
    const expectedStatus = state === 'error' ? [500] : [];
    await using watched = await openPage(served.browser, served.url, { theme, expectedStatus });
    const { page, errors, strangers } = watched;
    await putInto(page, state, wanted);
    await page.goto(wanted.address(id));
    if (state === 'loading') await page.getByRole('status', { name: 'Loading' }).first().waitFor();
    else if (state === 'error') await page.getByRole('alert').first().waitFor();
    else await settled(page);

    expect(await violations(page)).toEqual([]);
    expect(errors).toEqual([]);
    expect(strangers).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    if (state === 'error') {
      await page.getByText(FAULT.error.hint, { exact: false }).first().waitFor();
      // Whoever tries again gets the page.
      await page.unrouteAll();
      await page
        .getByRole('button', { name: /try again/i })
        .first()
        .click();
      await settled(page);
      await page.getByRole('alert').waitFor({ state: 'detached' });
    }
    if (state === 'full' || state === 'empty') expect(await page.locator('h1').count()).toBe(1);
  });

  test.each(PAGES)('$name does not scroll sideways on a narrow screen', async (wanted) => {
    await using watched = await openPage(served.browser, served.url, { width: 320, height: 640 });
    const { page } = watched;
    await page.goto(wanted.address(id));
    await settled(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    expect(await violations(page)).toEqual([]);
  });

  test.each(PAGES)('$name takes at most 100 KB of documents', async (wanted) => {
    await using watched = await openPage(served.browser, served.url);
    const { page } = watched;
    const sizes: Promise<{ address: string; bytes: number }>[] = [];
    page.on('response', (response) => {
      const address = response.url();
      if (address.includes('/v1/'))
        sizes.push(response.body().then((body) => ({ address, bytes: body.length })));
    });
    await page.goto(wanted.address(id));
    await settled(page);
    const all = await Promise.all(sizes);
    expect(all.filter(({ bytes }) => bytes > 100_000)).toEqual([]);
    expect(all.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(100_000);
  });
});
