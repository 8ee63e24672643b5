/** Who signs in sees what their role may, and no two people are sent to the same customer. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Customers, CustomerRow, Session } from '../../src/desk/index.ts';
import { customerOf, openPage, settled, SKIPPED, type Theme, violations } from './browser.ts';
import { openServed } from './served.ts';

const KEYS = {
  viewer: ['Vera'],
  agent: ['Ann', 'Ben'],
  lead: ['Lea'],
  'data-scientist': ['Dan'],
  admin: ['Ada'],
} as const;
const PAGES_OF = [
  { name: 'Vera', pages: ['Overview', 'Model performance'] },
  { name: 'Ann', pages: ['Work queue', 'What if'] },
  { name: 'Lea', pages: ['Overview', 'Work queue', 'What if'] },
  { name: 'Dan', pages: ['Overview', 'What if', 'Model performance', 'Data'] },
  { name: 'Ada', pages: ['Overview', 'Work queue', 'What if', 'Model performance', 'Data'] },
];
const THEMES: readonly Theme[] = ['light', 'dark'];

describe.skipIf(SKIPPED !== '')(`somebody with a key${SKIPPED}`, () => {
  let served: Awaited<ReturnType<typeof openServed>>;
  beforeAll(async () => {
    served = await openServed({ keys: KEYS });
  });
  afterAll(() => served[Symbol.asyncDispose]());

  async function signIn(page: Page, name: string, address = '/app/'): Promise<void> {
    await page.goto(address);
    await page.getByLabel('Key', { exact: true }).fill(served.keys.get(name) ?? '');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
  }
  const open = (theme: Theme = 'light') =>
    openPage(served.browser, served.url, { theme, expectedStatus: [401, 403] });

  test.each(THEMES)('is asked for it, in %s', async (theme) => {
    await using watched = await open(theme);
    const { page, errors, strangers } = watched;
    await page.goto('/app/queue');
    await page.getByRole('heading', { name: /sign in/i }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Key', { exact: true }).fill('hf_not-a-key');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await violations(page)).toEqual([]);
    expect(errors).toEqual([]);
    expect(strangers).toEqual([]);
  });

  test.each(PAGES_OF)('called $name sees the pages $pages and no others', async ({ name, pages }) => {
    await using watched = await open();
    const { page, errors } = watched;
    await signIn(page, name);
    await settled(page);
    const menu = page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
    expect(await menu.allInnerTexts()).toEqual(pages);
    expect(await page.getByRole('alert').count()).toBe(0);
    for (const label of pages) {
      await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: label }).click();
      await settled(page);
      expect(await page.getByRole('alert').count(), label).toBe(0);
    }
    expect(errors).toEqual([]);
    const cookies = await page.context().cookies();
    expect(cookies.map(({ httpOnly, sameSite }) => ({ httpOnly, sameSite }))).toEqual([
      { httpOnly: true, sameSite: 'Strict' },
    ]);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: /sign in/i }).waitFor();
    expect(((await (await page.request.get('/v1/session')).json()) as Session).is_signed_in).toBe(false);
  });

  test('who may not see a page is told so', async () => {
    await using watched = await open();
    const { page } = watched;
    await signIn(page, 'Ann', '/app/performance');
    await page
      .getByText(/right|role/i)
      .first()
      .waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test('who is an agent gets no export, and who leads does', async () => {
    for (const [name, isAllowed] of [
      ['Ann', false],
      ['Lea', true],
    ] as const) {
      await using watched = await open();
      const { page } = watched;
      await signIn(page, name, '/app/queue');
      await page.locator('tbody tr').first().waitFor();
      expect(await page.getByRole('link', { name: /download/i }).count()).toBe(isAllowed ? 1 : 0);
      expect((await page.request.get('/v1/customers.csv?tab=due')).status()).toBe(isAllowed ? 200 : 403);
    }
  });

  test('and somebody else who take the next customer at once never get the same', async () => {
    await using first = await open();
    await using second = await open();
    await signIn(first.page, 'Ann', '/app/queue');
    await signIn(second.page, 'Ben', '/app/queue');
    const taken: string[] = [];
    for (let round = 0; round < 10; round++) {
      const rows = await Promise.all(
        [first, second].map(({ page }) =>
          page.evaluate(async () => {
            const answer = await fetch('/v1/work/next', {
              method: 'POST',
              headers: { 'content-type': 'application/json' },
              body: '{}',
            });
            return (await answer.json()) as unknown;
          }),
        ),
      );
      taken.push(...rows.map((row) => (row as CustomerRow).id));
    }
    expect(taken.every((id) => typeof id === 'string' && id !== '')).toBe(true);
    expect(new Set(taken).size).toBe(taken.length);
  });

  test('who takes what somebody else has is told whose it is', async () => {
    await using first = await open();
    await using second = await open();
    await signIn(first.page, 'Ann', '/app/queue?assignee=nobody');
    await signIn(second.page, 'Ben', '/app/queue?assignee=nobody');
    for (const { page } of [first, second]) await page.locator('tbody tr').first().waitFor();
    const id = (page: Page) => customerOf(page.locator('tbody tr a'));
    expect(await id(first.page)).toBe(await id(second.page));
    const own = await id(first.page);
    await first.page.keyboard.press('a');
    await first.page.getByText(/is yours now/i).waitFor();
    await second.page.keyboard.press('a');
    await second.page.getByText(/Ann/).first().waitFor();
    const key = served.keys.get('Ada') ?? '';
    const { rows } = await served.document<Customers>(`/v1/customers?tab=all&search=${own}`, key);
    expect(rows[0]?.work.assignee?.name).toBe('Ann');
  });
});
