/** The day of an agent without a mouse. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { customerOf, openPage, settled, SKIPPED } from './browser.ts';
import { query } from './demo-workspace.ts';
import { openServed } from './served.ts';

const KEYS_AT_MOST = 12;

describe.skipIf(SKIPPED !== '')(`an agent without a mouse${SKIPPED}`, () => {
  test('goes from the queue to a customer, records an outcome, and is at the next one', async () => {
    await using served = await openServed();
    await using watched = await openPage(served.browser, served.url);
    const { page, errors } = watched;
    let keys = 0;
    const press = async (key: string): Promise<void> => {
      keys += 1;
      await page.keyboard.press(key);
    };
    await page.goto('/app/queue?tier=RED&assignee=nobody');
    await settled(page);
    const second = page.locator('tbody tr').nth(1);
    const id = await customerOf(second.locator('a'));

    await press('j');
    await press('Enter');
    await page.waitForURL((url) => decodeURIComponent(url.pathname).endsWith(`/customers/${id}`));
    await settled(page);
    const heading = await page.locator('h1').innerText();
    expect(heading).toContain(id.slice(0, 8));
    await press('o');
    await page.locator('dialog[open]').waitFor();
    await press('r');
    await press('Enter');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page
      .getByText(/recorded/i)
      .first()
      .waitFor();
    if (isAt(page, id)) await press('n');
    await page.waitForURL((url) => !decodeURIComponent(url.pathname).endsWith(`/customers/${id}`));
    await settled(page);
    expect(new URL(page.url()).pathname).toMatch(/\/app\/customers\/./);
    expect(keys).toBeLessThanOrEqual(KEYS_AT_MOST);
    expect(errors).toEqual([]);

    const lines = await query(served.workspace, 'SELECT * FROM serving.work');
    expect(lines.find((line) => Object.values(line).includes(id))).toMatchObject({
      action: 'contact',
      outcome: 'refused',
    });
  });

  test('reaches everything of the queue with Tab, and always sees where the focus is', async () => {
    await using served = await openServed();
    await using watched = await openPage(served.browser, served.url);
    const { page } = watched;
    await page.goto('/app/queue?tier=RED');
    await settled(page);
    const seen = new Set<string>();
    for (let step = 0; step < 60; step++) {
      await page.keyboard.press('Tab');
      const found = await page.evaluate(() => {
        const focused = document.activeElement;
        if (focused === null || focused === document.body) return null;
        const { outlineStyle, boxShadow, borderColor } = getComputedStyle(focused);
        return {
          name: (focused.getAttribute('aria-label') ?? focused.textContent).trim().slice(0, 40),
          isSeen: outlineStyle !== 'none' || boxShadow !== 'none' || borderColor !== '',
        };
      });
      if (found === null) break;
      expect(found.isSeen, found.name).toBe(true);
      seen.add(found.name);
    }
    for (const wanted of [/skip to content/i, /work queue/i, /snoozed/i, /^\S?\s?RED/, /outcome/i])
      expect(
        [...seen].some((name) => wanted.test(name)),
        String(wanted),
      ).toBe(true);
  });
});

const isAt = (page: Page, id: string): boolean =>
  decodeURIComponent(new URL(page.url()).pathname).endsWith(`/customers/${id}`);
