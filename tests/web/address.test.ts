/** Every view stands in its address: reload and Back give it again, and so does the address sent to somebody else. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Customers } from '../../src/desk/index.ts';
import { openPage, settled, SKIPPED, wordsOf } from './browser.ts';
import { openServed, type Served } from './served.ts';

/** Views as they are shared. */
const VIEWS = [
  '/app/',
  '/app/?tiers=donut',
  '/app/queue?tab=all&tier=RED&tier=AMBER&sort=remaining_value&order=ascending',
  '/app/queue?tab=all&horizon=30&probability_from=0.1&probability_to=0.6&offset=50',
  '/app/queue?tab=suppressed',
  '/app/customers/{id}',
  '/app/what-if?id={id}&set.tenure_days=30&more=true&days=90',
  '/app/performance',
  '/app/data',
];

describe.skipIf(SKIPPED !== '')(`an address${SKIPPED}`, () => {
  let served: Served;
  let id: string;
  beforeAll(async () => {
    served = await openServed();
    const { rows } = await served.document<Customers>('/v1/customers?tab=due&limit=1');
    id = encodeURIComponent(rows[0]?.id ?? '');
  });
  afterAll(() => served[Symbol.asyncDispose]());

  test.each(VIEWS)('%s gives the same view on reload, by Back, and to others', async (pattern) => {
    const address = pattern.replace('{id}', id);
    await using watched = await openPage(served.browser, served.url);
    const { page, errors } = watched;
    await page.goto(address);
    await settled(page);
    await page.waitForLoadState('networkidle');
    const words = await wordsOf(page);
    expect(words.length).toBeGreaterThan(50);
    const shown = page.url();

    await page.reload();
    await settled(page);
    await page.waitForLoadState('networkidle');
    expect(await wordsOf(page)).toBe(words);
    expect(page.url()).toBe(shown);

    const elsewhere = address.startsWith('/app/data') ? 'Overview' : 'Data';
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: elsewhere }).click();
    await page.waitForURL((url) => url.href !== shown);
    await settled(page);
    await page.goBack();
    await page.waitForURL(shown);
    await settled(page);
    await page.waitForLoadState('networkidle');
    expect(await wordsOf(page)).toBe(words);

    await using other = await openPage(served.browser, served.url);
    await other.page.goto(shown);
    await settled(other.page);
    await other.page.waitForLoadState('networkidle');
    expect(await wordsOf(other.page)).toBe(words);
    expect(errors).toEqual([]);
  });

  test('takes what is chosen on the queue', async () => {
    await using watched = await openPage(served.browser, served.url);
    const { page } = watched;
    await page.goto('/app/queue');
    await settled(page);
    await page.getByRole('button', { name: 'RED' }).first().click();
    await page.waitForURL((url) => url.searchParams.get('tier') === 'RED');
    await page.locator('thead').getByText('Value', { exact: true }).click();
    await page.waitForURL((url) => url.searchParams.has('sort'));
    await page.waitForLoadState('networkidle');
    await settled(page);
    const words = await wordsOf(page);
    await page.reload();
    await settled(page);
    await page.waitForLoadState('networkidle');
    expect(await wordsOf(page)).toBe(words);
  });

  test('takes the switch between bars and donut on the overview', async () => {
    await using watched = await openPage(served.browser, served.url);
    const { page } = watched;
    await page.goto('/app/');
    await settled(page);
    await page.getByText('Donut', { exact: true }).click();
    await page.waitForURL((url) => url.searchParams.get('tiers') === 'donut');
  });
});
