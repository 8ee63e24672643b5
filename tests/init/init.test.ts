/** From a messy file to lists and report: what `holdfast init` and `holdfast run` do together. */
import { copyFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InitResult, RunReport } from '../../src/workflow/index.ts';
import { openWorkspace, type TestWorkspace } from '../support/workspace.ts';
import { messyCustomers } from './customer-file.ts';
import { type InitFolder, openInitFolder } from './made-pack.ts';

describe('a pack of a messy table', () => {
  let place: InitFolder;
  let made: InitResult & { readonly read: (file: string) => Promise<string> };
  let workspace: TestWorkspace;

  beforeAll(async () => {
    place = await openInitFolder();
    made = await place.init('customers.csv', messyCustomers(), { target: 'Customer Status' });
    workspace = await openWorkspace({ pack: made.folder, settings: { 'learner.rounds': 60 } });
    await copyFile(made.landed, path.join(workspace.landing, path.basename(made.landed)));
  }, 60_000);
  afterAll(async () => {
    await workspace[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  it('finds the key, the target with its three values, and the rows that come twice', () => {
    const { key, target, duplicates } = made.profile;
    expect(key).toMatchObject({ column: 'Customer ID', repeated: 40 });
    expect(target).toMatchObject({ positive: ['Churned'], negative: ['Stayed'], leftOut: ['Joined'] });
    expect(duplicates.exact).toBe(40);
  });

  it('leaves out what only exists after the fact, ids in disguise, constants and copies, each with its reason', () => {
    const reasons = Object.fromEntries(made.profile.columns.map(({ name, role }) => [name, role]));
    expect(reasons).toMatchObject({
      'Churn Score': 'after_the_fact',
      'Churn Reason': 'after_the_fact',
      'Phone Number': 'identifier',
      Dealer: 'many_levels',
      Empty: 'constant',
      Constant: 'constant',
      'Data MB': 'copy',
    });
    expect(made.features).toEqual([
      'days_since_signup_date',
      'region',
      'monthly_charge',
      'internet_type',
      'calls',
      'visits',
      'data_gb',
    ]);
  });

  it('says problems before what is to confirm before what is only said', () => {
    const levels = made.profile.findings.map(({ level }) => level);
    expect(levels).toEqual([...levels].sort((one, other) => order.indexOf(one) - order.indexOf(other)));
    expect(levels[0]).toBe('problem');
  });
  const order = ['problem', 'unsure', 'note'];

  it('writes a comment on each decision', async () => {
    const pack = await made.read('pack.yaml');
    expect(pack).toContain('# Churn Reason: left out of the features: its name says');
    expect(pack).toContain('delimiter: ";"');
    expect(pack).toContain('assumption: "Assumed: Monthly Charge ($) is what a customer pays a month in USD');
    expect(await made.read('README.md')).toContain('`--keep Dealer` changes it');
  });

  it('runs from the file to lists and report', async () => {
    const { steps } = await workspace.run({ to: 'report' });
    expect(steps.map(({ step }) => step)).toEqual([
      'ingest',
      'build',
      'train',
      'promote',
      'score',
      'lists',
      'report',
    ]);
    const report = steps.at(-1)?.result as RunReport;
    expect(await readdir(path.dirname(report.page))).toContain(path.basename(report.page));
    expect(
      (await readdir(path.join(workspace.folder, 'lists'))).map((name) => name.slice(0, 5)).sort(),
    ).toEqual(['calls', 'mails']);
  }, 120_000);

  it('cleans values as it said', async () => {
    const [row] = await workspace.rows(
      `SELECT count(*) AS customers, count(region) AS regions, min(visits) AS visits, max(monthly_charge) > 1000 AS has_thousands,
         count(monthly_charge) AS charges, count(signup_date) AS dates, count(DISTINCT internet_type) AS internet
       FROM silver.customers`,
    );
    expect(row).toMatchObject({ has_thousands: true, internet: 3, visits: 2 });
    expect(Number(row?.['customers'])).toBe(1500);
    expect(Number(row?.['charges'])).toBe(1500);
    expect(Number(row?.['dates'])).toBe(1500);
    expect(Number(row?.['regions'])).toBeLessThan(1300);
  });

  it('scores those who have not left, with their label or without', async () => {
    const [row] = await workspace.rows(
      `SELECT count(*) AS scored, count(*) FILTER (WHERE customer_status = 'Churned') AS gone
       FROM gold.churn_scores JOIN silver.customers USING (customer_id)`,
    );
    expect(Number(row?.['gone'])).toBe(0);
    expect(Number(row?.['scored'])).toBeGreaterThan(700);
  });

  it('takes a column back in when asked, past the leakage audit', async () => {
    const kept = await place.init('customers.csv', messyCustomers(), {
      target: 'Customer Status',
      keep: ['Churn Score'],
      drop: ['Region'],
    });
    expect(kept.features).toContain('churn_score');
    expect(kept.features).not.toContain('region');
    await using second = await openWorkspace({ pack: kept.folder, settings: { 'learner.rounds': 20 } });
    await copyFile(kept.landed, path.join(second.landing, path.basename(kept.landed)));
    await expect(second.run({ to: 'train' })).resolves.toBeDefined();
  }, 120_000);
});
