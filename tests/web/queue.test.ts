/** The list as a whole: what is in the page of it, and what is in its file. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Customers, Facts } from '../../src/desk/index.ts';
import { customerOf, openPage, settled, SKIPPED, type Theme, violations, wordsOf } from './browser.ts';
import { openServed, type Served } from './served.ts';

const ROWS_AT_MOST = 60;
const WIDTHS = [1280, 1440];
const THEMES: readonly Theme[] = ['light', 'dark'];
const VIEWS = [
  '',
  '?tab=all',
  '?tab=all&tier=RED&tier=AMBER',
  '?tab=suppressed',
  '?tab=all&probability_from=0.5',
];

describe.skipIf(SKIPPED !== '')(`the queue${SKIPPED}`, () => {
  let served: Served;
  beforeAll(async () => {
    served = await openServed();
  });
  afterAll(() => served[Symbol.asyncDispose]());

  test.each(VIEWS)('%s has few rows in the page, and says how many there are', async (search) => {
    await using watched = await openPage(served.browser, served.url);
    const { page } = watched;
    await page.goto(`/app/queue${search}`);
    await settled(page);
    const { total } = await served.document<Customers>(`/v1/customers${search}`);
    expect(total).toBeGreaterThan(0);
    const table = page.locator('[aria-rowcount]');
    // The head is a row too.
    expect(Number(await table.getAttribute('aria-rowcount'))).toBe(total + 1);
    const rows = page.locator('tr, [role="row"]');
    expect(await rows.count()).toBeLessThanOrEqual(ROWS_AT_MOST);
    const places = await page
      .locator('tbody [aria-rowindex]')
      .evaluateAll((found) => found.map((row) => Number(row.getAttribute('aria-rowindex'))));
    expect(places).toEqual(places.map((_, index) => index + 2));
  });

  test.each(VIEWS)('%s is exported whole, and says before how many rows that are', async (search) => {
    await using watched = await openPage(served.browser, served.url);
    const { page } = watched;
    await page.goto(`/app/queue${search}`);
    await settled(page);
    const { total } = await served.document<Customers>(`/v1/customers${search}`);
    const link = page.getByRole('link', { name: /download/i });
    expect(Number((await link.innerText()).replaceAll(/\D/g, ''))).toBe(total);
    const file = await fetch(new URL((await link.getAttribute('href')) ?? '', served.url));
    expect(file.status).toBe(200);
    const lines = (await file.text()).split(/\r?\n/).filter((line) => line !== '');
    expect(lines.length - 1).toBe(total);
    const [downloaded] = await Promise.all([page.waitForEvent('download'), link.click()]);
    expect(downloaded.suggestedFilename()).toMatch(/\.csv$/);
  });

  test.each(WIDTHS.flatMap((width) => THEMES.map((theme) => ({ width, theme }))))(
    'shows tiers, the one before and the deadline whole at $width in $theme',
    async ({ width, theme }) => {
      await using watched = await openPage(served.browser, served.url, { width, theme });
      const { page } = watched;
      const facts = await served.document<Facts>('/v1/facts');
      const { tiers } = facts;
      await page.route(/\/v1\/facts$/, (route) =>
        route.fulfill({ json: { ...facts, score_dates: ['2024-12-01', '2024-11-01'] } }),
      );
      // Each tier comes from each other one.
      await page.route(/\/v1\/customers\?/, async (route) => {
        const response = await route.fetch();
        const document = (await response.json()) as Customers;
        const nameAt = (place: number): string => tiers[place % tiers.length]?.name ?? '';
        const rows = document.rows.map((row, index) => ({
          ...row,
          tier: nameAt(index),
          tier_before: nameAt(index + 1 + (Math.floor(index / tiers.length) % (tiers.length - 1))),
        }));
        await route.fulfill({ response, json: { ...document, rows } });
      });
      for (const tab of ['due', 'all']) {
        await page.goto(`/app/queue?tab=${tab}`);
        await settled(page);
        await page.getByText('was YELLOW').first().waitFor();
        const clipped = await page
          .locator('td[data-cell="tier"] > span, td[data-cell="deadline"] > span')
          .evaluateAll((found) =>
            found
              .filter(({ scrollWidth, clientWidth, parentElement }) =>
                clientWidth > 0
                  ? scrollWidth > clientWidth
                  : (parentElement?.scrollWidth ?? 0) > (parentElement?.clientWidth ?? 0),
              )
              .map(({ textContent }) => textContent),
          );
        expect(clipped).toEqual([]);
      }
    },
  );

  test('is searched by the beginning of an id, from the keyboard', async () => {
    await using watched = await openPage(served.browser, served.url);
    const { page } = watched;
    const { rows } = await served.document<Customers>('/v1/customers?limit=1');
    const id = rows[0]?.id ?? '';
    await page.goto('/app/queue');
    await settled(page);
    await page.keyboard.press('/');
    await page.keyboard.type(id);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('search') === id);
    await page.locator('[aria-rowcount="2"]').waitFor();
    expect(await customerOf(page.locator('tbody tr a'))).toBe(id);
  });

  test.each([
    ['2025-03-01T09:00:00Z', false],
    ['2025-03-02T09:00:00Z', true],
  ])('on %s says that the scores are old: %s, and deadlines are dates then', async (clockBegins, isOld) => {
    await using watched = await openPage(served.browser, served.url, { clockBegins });
    const { page, errors } = watched;
    const { rows } = await served.document<Customers>('/v1/customers?limit=1');
    const addresses = ['/app/', '/app/queue', `/app/customers/${encodeURIComponent(rows[0]?.id ?? '')}`];
    for (const address of addresses) {
      await page.goto(address);
      await settled(page);
      await page.getByRole('main').getByText('£').first().waitFor();
      const said = page.getByRole('note').filter({ hasText: 'These scores are 91 days old (1 Dec 2024)' });
      expect(await said.count(), address).toBe(isOld ? 1 : 0);
      const words = await wordsOf(page);
      if (address === '/app/') continue;
      expect(/\d days late/.test(words), address).toBe(!isOld);
      expect(words.includes('2 Dec 2024') || words.includes('late'), address).toBe(true);
    }
    if (isOld) expect(await violations(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  test('names the filters that leave nobody, and takes them away', async () => {
    await using watched = await openPage(served.browser, served.url);
    const { page } = watched;
    await page.goto('/app/queue?tier=RED&search=nobody-has-this-id');
    await settled(page);
    expect(await page.locator('main').innerText()).toContain('nobody-has-this-id');
    await page.getByRole('link', { name: /reset/i }).first().click();
    await page.locator('tbody tr').first().waitFor();
    expect(new URL(page.url()).search).toBe('');
  });
});
