/** Cleaning from the first training to a later delivery of another distribution, as a batch and row by row. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRowLocal } from '../../src/build/index.ts';
import { openDuckDb, textOf } from '../../src/engine/index.ts';
import { fixedClock } from '../../src/kernel/index.ts';
import { encodeRow, type FeatureEncoding } from '../../src/model/index.ts';
import { score } from '../../src/score/index.ts';
import { evaluateStep, explainEntity, reportStep } from '../../src/workflow/index.ts';
import { setInUse, useChallenger } from '../support/set-in-use.ts';
import { telcoCustomers } from '../support/telco.ts';
import {
  copyPack,
  type InlineRow,
  openWorkspace,
  type PackCopy,
  type TestWorkspace,
} from '../support/workspace.ts';

const CLEANING = `cleaning:
  numeric: { missing: median, outliers: { method: iqr, action: cap }, impossible: missing }
  categorical: { missing: mode, drop_above: 0.5 }
  features:
    total_charges: { missing: { constant: 0 }, outliers: { method: percentile, action: flag } }
    payment_method: { missing: { constant: not told } }
  repeated_keys: keep_first
`;

let pack: PackCopy;
let workspace: TestWorkspace;

/** Customers of whom some have no charge, no contract, an unheard-of one, or a charge beyond all others. */
function incomplete(rows: readonly InlineRow[], shift: number): InlineRow[] {
  return rows.map((row, index) => ({
    ...row,
    Partner: index % 5 < 3 ? null : (row['Partner'] ?? null),
    MonthlyCharges: index % 7 === 0 ? null : index % 31 === 1 ? 5000 : Number(row['MonthlyCharges']) * shift,
    Contract:
      index % 11 === 0 ? null : shift > 1 && index % 13 === 0 ? 'By the day' : (row['Contract'] ?? null),
    PaymentMethod: index % 17 === 0 ? null : (row['PaymentMethod'] ?? null),
    SeniorCitizen: shift > 1 && index % 19 === 0 ? 7 : (row['SeniorCitizen'] ?? null),
  }));
}

const FIRST = incomplete(telcoCustomers(900, 1), 1);
/** Three times the prices, and what no training row has. */
const SECOND = incomplete(telcoCustomers(500, 2), 3);

beforeAll(async () => {
  pack = await copyPack('telco-snapshot');
  const before = await readFile(`${pack.folder}/pack.yaml`, 'utf8');
  const [section] = /^cleaning:\n(?: .*\n)+/m.exec(before) ?? [''];
  await pack.replace('pack.yaml', section, CLEANING);
  workspace = await openWorkspace({
    pack: pack.folder,
    clock: fixedClock('2025-03-14T09:00:00Z'),
    settings: { 'learner.rounds': 60 },
  });
  await workspace.land('customers_1.csv', FIRST);
  await workspace.run({ to: 'train' });
  await useChallenger(workspace);
  await workspace.run({ from: 'score' });
});
afterAll(async () => {
  await workspace[Symbol.asyncDispose]();
  await pack[Symbol.asyncDispose]();
});

const storedEncoding = async (): Promise<FeatureEncoding> =>
  JSON.parse(
    await readFile(`${workspace.folder}/models/churn_model_30d/1/features.json`, 'utf8'),
  ) as FeatureEncoding;

describe('what is fitted on the training rows', () => {
  test('is stored with the model: figures, flags, and features left out with the share that was missing', async () => {
    const { features, dropped } = await storedEncoding();
    const [median] = await workspace.rows(
      `SELECT median(monthly_charges) AS median FROM gold.churn_training_set WHERE split_30d = 'train'`,
    );
    const charges = features.find(({ name }) => name === 'monthly_charges');
    expect(charges?.cleaning?.missing).toEqual({ rule: 'median', value: median?.['median'] });
    expect(charges?.cleaning?.outliers).toMatchObject({ method: 'iqr', action: 'cap' });
    expect(features.find(({ name }) => name === 'total_charges_outlier')?.outlierOf).toBe('total_charges');
    expect(features.find(({ name }) => name === 'payment_method')?.categories).toContain('not told');
    expect(dropped?.map(({ name, dropAbove }) => [name, dropAbove])).toEqual([['partner', 0.5]]);
    expect(workspace.warnings.filter((text) => text.startsWith('partner is left out'))).toHaveLength(1);
  });

  test('is counted, feature by feature, of the rows that were trained on and of those that were scored', async () => {
    const rows = await workspace.rows(
      `SELECT purpose, count(*) AS features, max(total_rows) AS total_rows, sum(replaced_rows) > 0 AS replaced,
         sum(capped_rows) > 0 AS capped
       FROM quality.cleaning_results WHERE model_set = 1 GROUP BY purpose ORDER BY purpose DESC LIMIT 2`,
    );
    expect(rows).toMatchObject([
      { purpose: 'train', features: 37, replaced: true, capped: true },
      { purpose: 'score', features: 37, replaced: true, capped: true },
    ]);
  });

  test('is in the report, before the splits', async () => {
    const { result } = await workspace.withContext((context) => reportStep(context));
    const charges = result.report.cleaning?.trained.find(({ feature }) => feature === 'monthly_charges');
    expect(charges?.replaced).toBeGreaterThan(0);
    expect(charges?.done).toMatch(/^outside 0\.\.10000: missing; missing: median .*; iqr below .* capped$/);
    const page = await readFile(result.page, 'utf8');
    expect(page.indexOf('id="cleaning"')).toBeGreaterThan(page.indexOf('id="data"'));
    expect(page.indexOf('id="cleaning"')).toBeLessThan(page.indexOf('id="splits"'));
    expect(page).toContain('id="gates"');
  });
});

describe('what is told of a row', () => {
  test('names no value that was not delivered: nobody without a charge is told what they pay', async () => {
    const rows = await workspace.rows(
      `SELECT driver_1, driver_2, driver_3 FROM gold.churn_scores AS scores
       JOIN gold.customer_features AS features ON features.customer_id = scores.customer_id
       WHERE features.monthly_charges IS NULL AND scores.risk_tier <> 'low'`,
    );
    expect(rows.length).toBeGreaterThan(10);
    const drivers = rows.flatMap((row) => Object.values(row));
    for (const feature of ['monthly_charges', 'price_per_service', 'partner', 'total_charges_outlier'])
      expect(drivers).not.toContain(feature);
  });

  test('has the value of the customer where the model saw a bound', async () => {
    const [row] = await workspace.rows(
      `SELECT scores.customer_id AS key FROM gold.churn_scores AS scores
       JOIN gold.customer_features AS features ON features.customer_id = scores.customer_id
       WHERE features.monthly_charges = 5000 ORDER BY scores.raw_score_30d DESC, key LIMIT 1`,
    );
    const { explained, lime } = await workspace.withContext((context) =>
      explainEntity(context, textOf(row?.['key'] ?? ''), { lime: true }),
    );
    const told = explained.contributions.find(({ feature }) => feature === 'monthly_charges');
    expect(told?.value).toBe(5000);
    for (const { text } of explained.reasons)
      if (text.startsWith('Pays ')) expect(text).toContain('5,000 USD');
    const flag = explained.contributions.find(({ feature }) => feature === 'total_charges_outlier');
    expect(flag).toMatchObject({ label: 'Total charges: outlier', unit: null });
    expect(lime).toBeDefined();
  });

  test('is called missing by metrics of segments', async () => {
    const { result } = await workspace.withContext((context) => evaluateStep(context, { resamples: 20 }));
    const segments = result.evaluation.horizons[0]?.detail.segments ?? [];
    const valuesOf = (name: string): string[] =>
      segments.find(({ segment }) => segment === name)?.parts.map(({ value }) => value) ?? [];
    expect(valuesOf('contract')).toContain('missing');
    expect(valuesOf('payment_method')).toContain('missing');
    expect(valuesOf('payment_method')).not.toContain('not told');
  });
});

test('a delivery of another distribution is scored by the figures of training, row by row as in the batch, to the bit', async () => {
  const encoding = await storedEncoding();
  await workspace.land('customers_2.csv', SECOND);
  await workspace.run({ from: 'ingest' });
  expect(await storedEncoding()).toEqual(encoding);
  const said = workspace.warnings.join('\n');
  expect(said).toMatch(/senior_citizen: \d+ of \d+ values are impossible and count as missing/);
  expect(said).toMatch(/contract: \d+ of \d+ values are of no category of the training rows/);
  const scores = await workspace.rows(
    'SELECT customer_id AS key, raw_score_30d AS raw FROM gold.churn_scores',
  );
  const batch = new Map(scores.map((row) => [textOf(row['key']), row['raw']]));
  const atRisk = SECOND.filter((row) => row['Churn'] === 'No');
  expect(batch.size).toBe(atRisk.length);
  await using engine = await openDuckDb({ threads: 1 });
  await workspace.withContext(async (context) => {
    await using rowLocal = await openRowLocal(engine, context.pack, '2025-03-14');
    const set = await setInUse(context.folders.models);
    const [model] = set?.models ?? [];
    const learner = await context.learner();
    await using loaded = await learner.load(model?.modelText ?? '');
    for (const row of atRisk.slice(0, 150)) {
      const [made] = await rowLocal.features([row]);
      const values = encodeRow(encoding, made?.values ?? {});
      expect([...values].filter(Number.isNaN)).toEqual([]);
      const data = new Float64Array(new SharedArrayBuffer(values.length * 8));
      data.set(values);
      const [raw] = await loaded.predictRaw({ rows: 1, columns: values.length, data });
      expect(Object.is(raw, batch.get(textOf(row['customerID'] ?? '')))).toBe(true);
    }
  });
});

test('a feature table that lacks a column is refused by its name', async () => {
  await workspace.withContext(async (context) => {
    const set = await setInUse(context.folders.models);
    if (set === undefined) throw new Error('there is no set');
    await context.lake.attach(['gold.customer_features']);
    await context.engine.execute(
      'CREATE TEMPORARY VIEW fewer AS SELECT * EXCLUDE (monthly_charges) FROM gold.customer_features',
    );
    const parts = {
      engine: context.engine,
      learner: (name: string) => context.learner(name),
      pack: context.pack,
      set,
    };
    await expect(score({ ...parts, table: 'fewer' })).rejects.toMatchObject({
      code: 'HF504',
      place: { field: 'monthly_charges' },
    });
  });
});
