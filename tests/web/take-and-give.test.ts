/** Taking the next one of the queue, and giving one to somebody: by keys, by people who may, and what is said then. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CustomerRow, Customers } from '../../src/desk/index.ts';
import { customerOf, openPage, settled, SKIPPED, type Theme, violations } from './browser.ts';
import { openServed } from './served.ts';

const KEYS = { agent: ['Ann', 'Ben'], lead: ['Lea'], admin: ['Ada'], 'data-scientist': ['Dan'] } as const;
const THEMES: readonly Theme[] = ['light', 'dark'];

describe.skipIf(SKIPPED !== '')(`somebody at work${SKIPPED}`, () => {
  let served: Awaited<ReturnType<typeof openServed>>;
  beforeAll(async () => {
    served = await openServed({ keys: KEYS });
  });
  afterAll(() => served[Symbol.asyncDispose]());

  const open = (theme: Theme = 'light') =>
    openPage(served.browser, served.url, { theme, expectedStatus: [401] });
  async function enter(page: Page, name: string, address: string): Promise<void> {
    await page.goto(address);
    await page.getByLabel('Key', { exact: true }).fill(served.keys.get(name) ?? '');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    await settled(page);
  }
  const rowOf = async (id: string): Promise<CustomerRow | undefined> => {
    const key = served.keys.get('Ada') ?? '';
    return (await served.document<Customers>(`/v1/customers?tab=all&search=${id}`, key)).rows[0];
  };
  /** The id of the customer whose page is open. */
  const openedId = async (page: Page): Promise<string> => {
    await page.waitForURL((url) => url.pathname.includes('/customers/'));
    await settled(page);
    return decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1) ?? '');
  };

  test('takes the most urgent one that the filters leave, by a key, and the next one from there', async () => {
    await using watched = await open();
    const { page, errors } = watched;
    await enter(page, 'Ann', '/app/queue?tier=AMBER&assignee=nobody');
    const first = await customerOf(page.locator('tbody tr').nth(0).locator('a'));
    const second = await customerOf(page.locator('tbody tr').nth(1).locator('a'));
    await page.locator('tbody tr').first().waitFor();
    await page.keyboard.press('t');
    expect(await openedId(page)).toBe(first);
    expect((await rowOf(first))?.work.assignee?.name).toBe('Ann');
    // The filters are those of the queue that it was taken from.
    expect(new URL(page.url()).searchParams.getAll('tier')).toEqual(['AMBER']);
    await page.getByRole('button', { name: 'Take next' }).click();
    await page.waitForURL((url) => !decodeURIComponent(url.pathname).endsWith(first));
    expect(await openedId(page)).toBe(second);
    expect((await rowOf(second))?.work.assignee?.name).toBe('Ann');
    expect(errors).toEqual([]);
  });

  test.each(THEMES)('is told when nobody is left to take, and what to do, in %s', async (theme) => {
    await using watched = await open(theme);
    const { page, errors } = watched;
    await enter(page, 'Ann', '/app/queue?tier=RED&search=nobody-has-this-id');
    await page.getByRole('button', { name: 'Take next' }).click();
    const bar = page.getByRole('region', { name: 'Work' });
    await bar.getByText('No customers are left to take with these filters').waitFor();
    expect(await violations(page)).toEqual([]);
    await bar.getByRole('link', { name: 'Show mine' }).click();
    await page.waitForURL((url) => url.search === '?assignee=me');
    expect(errors).toEqual([]);
  });

  test('finds the keys of both in the list of keys, if they may', async () => {
    for (const [name, expected] of [
      ['Ann', [true, false]],
      ['Lea', [true, true]],
    ] as const) {
      await using watched = await open();
      const { page } = watched;
      await enter(page, name, '/app/queue');
      await page.locator('tbody tr').first().waitFor();
      await page.keyboard.press('?');
      const text = await page.locator('dialog[open]').innerText();
      expect([text.includes('Take the next one'), text.includes('Give it to somebody')], name).toEqual(
        expected,
      );
    }
  });

  test.each(THEMES)('gives one to somebody by the letters of a name, in %s', async (theme) => {
    await using watched = await open(theme);
    const { page, errors } = watched;
    await enter(page, 'Lea', '/app/queue?tier=RED&assignee=nobody');
    const id = await customerOf(page.locator('tbody tr a'));
    await page.keyboard.press('g');
    const dialog = page.locator('dialog[open]');
    await dialog.waitFor();
    expect(await dialog.getByRole('option').allInnerTexts()).toEqual([
      'Choose somebody',
      'Ada (admin)',
      'Ann (agent)',
      'Ben (agent)',
      'Lea (me, lead)',
    ]);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.type('Be');
    await page.keyboard.press('Enter');
    await page.getByText('is Ben’s now').waitFor();
    expect((await rowOf(id))?.work.assignee?.name).toBe('Ben');

    // From the page of the customer to somebody else, and back to the list of what was done.
    await page.goto(`/app/customers/${encodeURIComponent(id)}`);
    await settled(page);
    await page.keyboard.press('g');
    await dialog.getByText('It is Ben’s now.').waitFor();
    await dialog.getByLabel('Whom?').selectOption({ label: 'Ann (agent)' });
    await dialog.getByRole('button', { name: 'Give' }).click();
    await page.getByText('is Ann’s now').waitFor();
    await page.getByText('Gave it to Ann').first().waitFor();
    expect((await rowOf(id))?.work.assignee?.name).toBe('Ann');
    expect(errors).toEqual([]);
  });
});
