/** What stands on a page is what the interface says, and that is what is in the lake. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Customers, Facts, Overview } from '../../src/desk/index.ts';
import { count, money, percent } from '../../web/src/ui/format.ts';
import { openPage, settled, SKIPPED, wordsOf } from './browser.ts';
import { query, SCORE_DATES } from './demo-workspace.ts';
import { openServed, type Served } from './served.ts';

const [NEWEST, BEFORE] = SCORE_DATES;

describe.skipIf(SKIPPED !== '')(`figures${SKIPPED}`, () => {
  let served: Served;
  let currency: string;
  beforeAll(async () => {
    served = await openServed();
    ({ currency } = await served.document<Facts>('/v1/facts'));
  });
  afterAll(() => served[Symbol.asyncDispose]());

  const tiersOf = (date: string) =>
    query(
      served.workspace,
      `SELECT risk_tier, count(*) AS n, sum(value_at_risk) AS value FROM gold.churn_scores
       WHERE score_date = '${date}' GROUP BY risk_tier`,
    );

  test('of the overview are those of the interface and of the lake', async () => {
    await using watched = await openPage(served.browser, served.url);
    const { page } = watched;
    await page.goto('/app/');
    await settled(page);
    const words = await wordsOf(page);
    const overview = await served.document<Overview>('/v1/overview');
    const now = await tiersOf(NEWEST);
    const before = await tiersOf(BEFORE);

    expect(overview.as_of).toBe(NEWEST);
    expect(overview.previous).toBe(BEFORE);
    expect(overview.scored.now).toBe(now.reduce((sum, { n }) => sum + Number(n), 0));
    expect(overview.scored.before).toBe(before.reduce((sum, { n }) => sum + Number(n), 0));
    for (const tier of overview.tiers) {
      const row = now.find(({ risk_tier }) => risk_tier === tier.name);
      const old = before.find(({ risk_tier }) => risk_tier === tier.name);
      expect(tier.count, tier.name).toEqual({
        now: Number(row?.['n'] ?? 0),
        before: Number(old?.['n'] ?? 0),
      });
      expect(tier.value_at_risk).toBeCloseTo(Number(row?.['value'] ?? 0), 2);
      expect(words).toContain(count(tier.count.now));
      expect(words).toContain(money(tier.value_at_risk, currency));
    }
    expect(words).toContain(count(overview.scored.now));
    expect(words).toContain(money(overview.value_at_risk.now, currency));
  });

  test('of every mark of the overview open exactly the customers behind them', async () => {
    await using watched = await openPage(served.browser, served.url);
    const { page } = watched;
    await page.goto('/app/');
    await settled(page);
    const links = await page
      .locator('main a[href*="/queue"]')
      .evaluateAll((found) =>
        found.map((link) => ({ href: link.getAttribute('href') ?? '', text: link.textContent })),
      );
    expect(links.length).toBeGreaterThan(10);
    const wrong: string[] = [];
    for (const { href, text } of links) {
      const said = Number(text.replaceAll(/[^\d]/g, ''));
      const { search } = new URL(href, served.url);
      const { total, value_at_risk: value } = await served.document<Customers>(`/v1/customers${search}`);
      const isMoney = /[£€$]/.test(text);
      if (isMoney ? text !== money(value, currency) : said !== total)
        wrong.push(`${text} opens ${String(total)} (${money(value, currency)}): ${href}`);
    }
    expect(wrong).toEqual([]);
  });

  test('of the queue are those of the interface and of the lake, in the same order', async () => {
    await using watched = await openPage(served.browser, served.url);
    const { page } = watched;
    await page.goto('/app/queue?tab=all&tier=RED');
    await settled(page);
    const shown = await page
      .locator('tbody tr')
      .evaluateAll((rows) =>
        rows.map((row) => [
          decodeURIComponent(row.querySelector('a')?.getAttribute('href') ?? ''),
          ...[...row.querySelectorAll('td, th')].map((cell) => cell.textContent),
        ]),
      );
    const sent = await served.document<Customers>('/v1/customers?tab=all&tier=RED');
    const stored = await query(
      served.workspace,
      `SELECT unique_customer_identifier AS id, value_at_risk AS value,
              probability_90d AS probability
       FROM gold.churn_scores WHERE score_date = '${NEWEST}' AND risk_tier = 'RED'
       ORDER BY value_at_risk DESC, unique_customer_identifier`,
    );
    expect(sent.total).toBe(stored.length);
    expect(sent.rows.map(({ id }) => id)).toEqual(stored.slice(0, sent.rows.length).map(({ id }) => id));
    expect(shown).toHaveLength(sent.rows.length);
    for (const [index, row] of sent.rows.entries()) {
      const text = shown[index]?.join('|') ?? '';
      expect(text).toContain(row.id);
      expect(text).toContain(money(row.value_at_risk, currency));
      expect(text).toContain(money(row.remaining_value, currency));
      expect(text).toContain(percent(row.probabilities.at(-1)?.probability));
      expect(text).toContain(row.reasons[0] ?? '');
      expect(Number(stored[index]?.['value'])).toBeCloseTo(row.value_at_risk ?? Number.NaN, 6);
      expect(Number(stored[index]?.['probability'])).toBeCloseTo(
        row.probabilities.at(-1)?.probability ?? Number.NaN,
        6,
      );
    }
  });
});
