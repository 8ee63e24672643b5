/** A what-if while somebody types: what is asked, when, and which answer stands on the screen. */
import { setTimeout } from 'node:timers/promises';
import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Customers, Facts, FeatureFacts, WhatIf } from '../../src/desk/index.ts';
import { percentInDetail } from '../../web/src/ui/format.ts';
import { openPage, settled, SKIPPED } from './browser.ts';
import { openServed, type Served } from './served.ts';

const ASKED = '**/v1/what-if';
/** Longer than the page would wait for anything before it asks. */
const REST_MS = 300;

describe.skipIf(SKIPPED !== '')(`a what-if${SKIPPED}`, () => {
  let served: Served;
  let id: string;
  let field: FeatureFacts;
  beforeAll(async () => {
    served = await openServed();
    const { rows } = await served.document<Customers>('/v1/customers?tab=due&limit=1');
    id = rows[0]?.id ?? '';
    const { features } = await served.document<Facts>('/v1/facts');
    field = features.find(
      ({ type, is_main: isMain, is_frozen: isFrozen, is_integer: isInteger, highest }) =>
        type === 'numeric' && isMain && !isFrozen && isInteger && (highest ?? Infinity) > 50,
    ) as FeatureFacts;
  });
  afterAll(() => served[Symbol.asyncDispose]());

  /** Answers come when they are let through; each request with the value of the field. */
  async function heldAnswers(page: Page): Promise<{ route: Route; value: unknown }[]> {
    const held: { route: Route; value: unknown }[] = [];
    await page.route(ASKED, (route) => {
      const { features } = route.request().postDataJSON() as { features: Record<string, unknown> };
      held.push({ route, value: features[field.name] });
    });
    return held;
  }

  const open = async (page: Page): Promise<void> => {
    await page.goto(`/app/what-if?id=${encodeURIComponent(id)}`);
    await settled(page);
    await page.waitForLoadState('networkidle');
  };

  test('asks the first change at once, and those that come before its answer together', async () => {
    await using watched = await openPage(served.browser, served.url);
    const { page } = watched;
    await open(page);
    const held = await heldAnswers(page);
    const input = page.getByLabel(field.label).first();
    for (const value of ['31', '32', '33', '34']) await input.fill(value);
    await setTimeout(REST_MS);
    expect(held.map(({ value }) => value)).toEqual([31]);
    await held[0]?.route.continue();
    await expect.poll(() => held.map(({ value }) => value)).toEqual([31, 34]);

    const [answer] = await Promise.all([page.waitForResponse(ASKED), held[1]?.route.continue()]);
    const { probabilities } = (await answer.json()) as WhatIf;
    const figures = page.locator('section[aria-labelledby=outcome-title] strong');
    await expect
      .poll(() => figures.allInnerTexts())
      .toEqual(probabilities.map(({ probability }) => percentInDetail(probability)));
    await setTimeout(REST_MS);
    expect(held).toHaveLength(2);
    expect(new URL(page.url()).searchParams.get(`set.${field.name}`)).toBe('34');
  });

  test('asks what changed meanwhile where the question before it failed', async () => {
    await using watched = await openPage(served.browser, served.url, { expectedStatus: [500, 503] });
    const { page } = watched;
    await open(page);
    const held = await heldAnswers(page);
    const input = page.getByLabel(field.label).first();
    await input.fill('31');
    await expect.poll(() => held.length).toBe(1);
    await input.fill('32');
    await held[0]?.route.fulfill({
      status: 503,
      json: { error: { code: '', message: 'busy', hint: 'wait' } },
    });
    await expect.poll(() => held.map(({ value }) => value)).toEqual([31, 32]);
    await held[1]?.route.continue();
    await page.getByText('would be').first().waitFor();
  });
});
