/** What somebody at work sees when the network, the server or the session fails, and when two act at once. */
import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPage, settled, SKIPPED } from './browser.ts';
import { openServed, type Served } from './served.ts';

const work = (page: Page) => page.getByRole('region', { name: 'Work' });
/** The first request to an address, which waits until it is answered. */
const hold = (page: Page, address: string): Promise<Route> =>
  new Promise((resolve, reject) => {
    page.route(address, resolve).catch(reject);
  });
const dialog = (page: Page) => page.locator('dialog[open]');

describe.skipIf(SKIPPED !== '')(`the queue in trouble${SKIPPED}`, () => {
  let served: Served;
  beforeAll(async () => {
    served = await openServed();
  });
  afterAll(() => served[Symbol.asyncDispose]());

  const openQueue = async (page: Page, search = '?assignee=nobody'): Promise<void> => {
    await page.goto(`/app/queue${search}`);
    await settled(page);
    await page.locator('tbody tr').first().waitFor();
  };

  test('keeps the rows and the dialog when the network is gone, and records it afterwards', async () => {
    await using watched = await openPage(served.browser, served.url);
    const { page } = watched;
    await openQueue(page);
    await page.keyboard.press('o');
    await page.keyboard.press('n');
    await page.context().setOffline(true);
    await page.keyboard.press('Enter');
    await dialog(page).getByText('The server cannot be reached').waitFor();
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'Record' }).click();
    await work(page).getByText('recorded “No answer”').waitFor();
    expect(await dialog(page).count()).toBe(0);
  });

  test('says that it cannot be reached instead of showing the rows of another tab', async () => {
    await using watched = await openPage(served.browser, served.url);
    const { page } = watched;
    await openQueue(page);
    await page.context().setOffline(true);
    await page.getByRole('link', { name: 'Snoozed' }).click();
    await page.getByRole('alert').getByText('The server cannot be reached').waitFor();
    expect(await page.locator('tbody tr').count()).toBe(0);
  });

  test('tells of work that was refused after its dialog was closed, and leaves the next dialog open', async () => {
    await using watched = await openPage(served.browser, served.url, { expectedStatus: [503] });
    const { page } = watched;
    await openQueue(page);
    const held = hold(page, '**/work');
    await page.keyboard.press('o');
    await page.keyboard.press('n');
    await page.keyboard.press('Enter');
    const route = await held;
    await page.keyboard.press('Escape');
    await page.keyboard.press('s');
    await dialog(page).waitFor();
    const error = { code: 'HF631', message: 'work is not recorded', hint: 'try later' };
    await route.fulfill({ status: 503, json: { error } });
    await work(page).getByText('Work is not recorded').waitFor();
    expect(await dialog(page).count()).toBe(1);
  });

  test('keeps a note that was refused with its work, until it is recorded or given up', async () => {
    await using watched = await openPage(served.browser, served.url, { expectedStatus: [409] });
    const { page } = watched;
    await openQueue(page);
    const held = hold(page, '**/work');
    const note = page.getByLabel('Note (optional)');
    await page.keyboard.press('o');
    await page.keyboard.press('c');
    await note.fill('call back on Monday');
    await page.keyboard.press('Enter');
    const error = { code: 'HF632', message: 'somebody else is at work on it', hint: 'take another' };
    await (await held).fulfill({ status: 409, json: { error } });
    await work(page).getByText('Your note is kept').waitFor();
    expect(await dialog(page).count()).toBe(0);
    await page.keyboard.press('o');
    expect(await note.inputValue()).toBe('call back on Monday');
    await page.keyboard.press('Escape');
    await page.keyboard.press('o');
    expect(await note.inputValue()).toBe('');
  });

  test('leaves no dialog of one open on the page of another', async () => {
    await using watched = await openPage(served.browser, served.url);
    const { page } = watched;
    await openQueue(page);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /Next/ }).waitFor();
    await settled(page);
    await page.keyboard.press('n');
    await settled(page);
    await page.keyboard.press('o');
    await dialog(page).waitFor();
    await page.goBack();
    await settled(page);
    expect(await dialog(page).count()).toBe(0);
  });

  test('takes a double click for one', async () => {
    await using watched = await openPage(served.browser, served.url);
    const { page } = watched;
    await openQueue(page);
    const button = work(page).getByRole('button', { name: /Assign to me/ });
    const { x = 0, y = 0, width = 0, height = 0 } = (await button.boundingBox()) ?? {};
    const [left, top] = [x + width / 2, y + height / 2] as const;
    await page.mouse.click(left, top);
    await work(page).getByText('is yours now').waitFor();
    await page.mouse.move(left, top);
    await page.mouse.down({ clickCount: 2 });
    await page.mouse.up({ clickCount: 2 });
    await settled(page);
    expect(watched.asked.filter((one) => one.startsWith('POST'))).toHaveLength(1);
  });

  test('marks the figures of the filters before, and offers no file by them', async () => {
    await using watched = await openPage(served.browser, served.url);
    const { page } = watched;
    await openQueue(page, '');
    const held = hold(page, '**/v1/customers?**');
    await page.getByRole('button', { name: 'RED' }).click();
    const route = await held;
    const file = page.getByText(/^Download/).locator('xpath=ancestor-or-self::a');
    expect(await page.locator('main p[role="status"]').getAttribute('aria-busy')).toBe('true');
    expect(await file.getAttribute('href')).toBeNull();
    await route.continue();
    await settled(page);
    expect(await file.getAttribute('href')).toContain('tier=RED');
  });

  test.each([700, 800, 1000, 1100, 1300])('has the id and the reason of a row at %i px', async (width) => {
    await using watched = await openPage(served.browser, served.url, { width });
    const { page } = watched;
    await openQueue(page, '?tab=all');
    const table = await page.locator('table').boundingBox();
    expect((table?.x ?? 0) + (table?.width ?? 0)).toBeLessThanOrEqual(width);
    for (const name of ['id', 'reason']) {
      const cell = await page.locator(`tbody tr [data-cell="${name}"]`).first().boundingBox();
      expect(cell?.width, name).toBeGreaterThan(60);
    }
  });

  test('has an address that nobody can answer lead back to the whole of it', async () => {
    await using watched = await openPage(served.browser, served.url, { expectedStatus: [400, 422] });
    const { page } = watched;
    await page.goto('/app/queue?tab=nonsense&utm_source=mail');
    await page.getByRole('link', { name: 'Open the whole queue' }).click();
    await page.locator('tbody tr').first().waitFor();
    expect(new URL(page.url()).search).toBe('');
  });
});
