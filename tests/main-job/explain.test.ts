/** Explaining one customer, and the models as a whole, in a workspace of made-up broadband customers. */
import { cp } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Row, textOf } from '../../src/engine/index.ts';
import {
  type EntityExplanation,
  explainEntity,
  explainModelSet,
  type ExplainOptions,
} from '../../src/workflow/index.ts';
import { setInUse } from '../support/set-in-use.ts';
import { openWorkspace, type TestWorkspace } from '../support/workspace.ts';
import { type Deliveries, makeDeliveries } from './deliveries.ts';
import { openMagazine, readers } from './magazine.ts';

const NEWEST = '2024-10-01';
let deliveries: Deliveries;
let workspace: TestWorkspace;
let scores: Row[];

beforeAll(async () => {
  deliveries = await makeDeliveries({ customers: 900, from: '2023-09-01', cut: NEWEST, to: '2024-11-01' });
  workspace = await openWorkspace({ settings: { 'learner.rounds': 30 } });
  await cp(deliveries.first, workspace.landing, { recursive: true });
  await workspace.run();
  scores = await workspace.rows('SELECT * FROM gold.churn_scores ORDER BY raw_score_30d DESC');
});
afterAll(async () => {
  await workspace[Symbol.asyncDispose]();
  await deliveries[Symbol.asyncDispose]();
});

const keyOf = (row: Row | undefined): string => textOf(row?.['unique_customer_identifier']);
const explain = (customer: string, options?: ExplainOptions): Promise<EntityExplanation> =>
  workspace.withContext((context) => explainEntity(context, customer, options));
const ofTier = (tier: string): Row[] => scores.filter((row) => row['risk_tier'] === tier);

describe('the explanation of a customer', () => {
  test.each(['RED', 'AMBER', 'YELLOW'])('of tier %s says what the scores say', async (tier) => {
    const days = { RED: 30, AMBER: 60, YELLOW: 90 }[tier];
    const rows = ofTier(tier).slice(0, 3);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      const found = await explain(keyOf(row));
      expect(found).toMatchObject({ observationDate: NEWEST, atRisk: true, scored: { tier, modelSet: 1 } });
      expect(found.explained.days).toBe(days);
      for (const chance of found.horizons) {
        expect(chance.probability).toBe(row[`probability_${String(chance.days)}d`]);
        expect(chance.riskScore).toBe(row[`risk_score_${String(chance.days)}d`]);
        expect(chance.decile).toBe(row[`risk_decile_${String(chance.days)}d`]);
        expect(chance.rawScore).toBe(row[`raw_score_${String(chance.days)}d`]);
      }
      const { reasons } = found.explained;
      expect([0, 1, 2].map((place) => reasons[place]?.text ?? null)).toEqual(
        ['reason_1', 'reason_2', 'reason_3'].map((column) => row[column]),
      );
      expect([0, 1, 2].map((place) => reasons[place]?.feature ?? null)).toEqual(
        ['driver_1', 'driver_2', 'driver_3'].map((column) => row[column]),
      );
      expect(reasons.find(({ intervention }) => intervention !== null)?.intervention ?? null).toBe(
        row['intervention'],
      );
    }
  });

  test('adds up: base value and contributions are the raw score, strongest first', async () => {
    const found = await explain(keyOf(scores[0]), { horizonDays: 90 });
    const { contributions, baseValue, sum } = found.explained;
    expect(contributions).toHaveLength(32);
    const total = contributions.reduce((before, { contribution }) => before + contribution, baseValue);
    expect(total).toBeCloseTo(sum, 9);
    expect(Math.abs(sum - Number(scores[0]?.['raw_score_90d']))).toBeLessThan(1e-6);
    const sizes = contributions.map(({ contribution }) => Math.abs(contribution));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  });

  test('shows the values as they are in the feature table', async () => {
    const customer = keyOf(scores[5]);
    const { explained } = await explain(customer);
    const [row] = await workspace.rows(
      `SELECT * FROM gold.churn_features WHERE unique_customer_identifier = '${customer}' AND observation_date = '${NEWEST}'`,
    );
    for (const { feature, value } of explained.contributions) expect(value).toEqual(row?.[feature]);
  });

  test('who is not contacted has reasons all the same', async () => {
    const found = await explain(keyOf(ofTier('GREEN')[0]));
    expect(found.scored?.tier).toBe('GREEN');
    expect(found.explained.days).toBe(30);
    expect(found.explained.reasons.length).toBeGreaterThan(0);
  });

  test('who is not at risk is told so', async () => {
    const [left] = await workspace.rows(
      `SELECT unique_customer_identifier FROM gold.churn_labels WHERE observation_date = '${NEWEST}' AND at_risk = 0 LIMIT 1`,
    );
    expect(left).toBeDefined();
    const found = await explain(keyOf(left));
    expect(found).toMatchObject({ atRisk: false, scored: null });
    expect(found.explained.contributions).toHaveLength(32);
  });

  test('goes back to an earlier date, which was not scored', async () => {
    const [before] = await workspace.rows(
      "SELECT unique_customer_identifier FROM gold.churn_features WHERE observation_date = '2024-06-01' LIMIT 1",
    );
    expect(await explain(keyOf(before), { date: '2024-06-01' })).toMatchObject({
      observationDate: '2024-06-01',
      scored: null,
    });
  });

  test('is refused with what to do instead', async () => {
    const [gone] = await workspace.rows(
      `SELECT unique_customer_identifier, CAST(max(observation_date) AS STRING) AS day FROM gold.churn_features
       GROUP BY 1 HAVING max(observation_date) < DATE '${NEWEST}' LIMIT 1`,
    );
    expect(gone).toBeDefined();
    const day = textOf(gone?.['day']);
    await expect(explain(keyOf(gone))).rejects.toMatchObject({
      code: 'HF101',
      hint: `the newest features are of ${day}: add --date ${day}`,
    });
    const customer = keyOf(scores[0]);
    await expect(explain(` ${customer.toUpperCase()}`)).rejects.toMatchObject({
      code: 'HF101',
      hint: `did you mean ${customer}? its newest features are of ${NEWEST}`,
    });
    await expect(explain('nobody')).rejects.toMatchObject({
      code: 'HF101',
      hint: expect.stringContaining('holdfast query') as string,
    });
    await expect(explain(customer, { date: '2024-06-02' })).rejects.toMatchObject({
      code: 'HF101',
      hint: 'the newest dates are 2024-10-01, 2024-09-01, 2024-08-01',
    });
    await expect(explain(customer, { horizonDays: 31 })).rejects.toMatchObject({ code: 'HF101' });
  });

  test('has a second opinion that is the same every time, with its fit', async () => {
    const customer = keyOf(scores[0]);
    const first = await explain(customer, { lime: true });
    const again = await explain(customer, { lime: true });
    expect(again.lime).toEqual(first.lime);
    expect(first.lime?.fit).toBeLessThan(1);
    expect(first.lime?.weights === undefined).toBe((first.lime?.fit ?? 0) < 0.6);
    expect((await explain(customer)).lime).toBeUndefined();
  });
});

describe('the statistics in a model folder', () => {
  test('hold the share of each category', async () => {
    const set = await workspace.withContext(({ folders }) => setInUse(folders.models));
    for (const model of set?.models ?? [])
      for (const { name, type, categories } of model.encoding.features) {
        const { shares, quantiles, missingShare } = model.statistics.features[name] ?? { quantiles: [] };
        expect(quantiles).toHaveLength(type === 'numeric' && missingShare !== 1 ? 9 : 0);
        expect(shares?.length).toBe(type === 'categorical' ? categories.length : undefined);
        if (shares !== undefined) expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
      }
  });
});

describe('the explanation of the model set', () => {
  test('covers every horizon with the features, groups, points and hypotheses of the pack', async () => {
    const found = await workspace.withContext((context) => explainModelSet(context, { sample: 400 }));
    expect(found.horizons.map(({ horizonDays }) => horizonDays)).toEqual([30, 60, 90]);
    for (const horizon of found.horizons) {
      expect(horizon.rows).toBe(400);
      expect(horizon.rowsAvailable).toBeGreaterThan(400);
      expect(horizon.features).toHaveLength(32);
      expect(horizon.beeswarm).toHaveLength(12);
      expect(horizon.groups.flatMap(({ features }) => features).sort()).toEqual(
        horizon.features.map(({ feature }) => feature).sort(),
      );
    }
    expect(found.horizons[0]?.rowsFrom).toBe('test');
    expect(found.hypotheses).toHaveLength(15);
    for (const { rank, verdict, meanAbsolute, raisedBy, expectedRaisedBy } of found.hypotheses) {
      const byRank = rank <= 5 ? 'borne out' : rank <= 10 ? 'weaker than expected' : 'not borne out';
      const isAsExpected = expectedRaisedBy === null || raisedBy === expectedRaisedBy;
      if (meanAbsolute === 0) expect(verdict).toBe('not borne out');
      else if (isAsExpected || byRank === 'not borne out') expect(verdict).toBe(byRank);
      else expect(verdict).toBe(raisedBy === null ? 'no clear direction' : 'opposite direction');
    }
  });

  test('is the same for a seed, and draws other rows for another one', async () => {
    const of = (seed: number): ReturnType<typeof explainModelSet> =>
      workspace.withContext((context) => explainModelSet(context, { sample: 200, seed, rows: 'newest' }));
    const first = await of(1);
    expect(await of(1)).toEqual(first);
    expect(first.horizons[0]?.rowsFrom).toBe('newest');
    expect((await of(2)).horizons[0]?.beeswarm).not.toEqual(first.horizons[0]?.beeswarm);
  });

  test('works for a pack of another trade, without dates, words or hypotheses', async () => {
    await using magazine = await openMagazine();
    await magazine.land('readers.csv', readers(400));
    await magazine.run();
    const found = await magazine.withContext((context) => explainModelSet(context));
    expect(found.horizons).toHaveLength(1);
    expect(found.hypotheses).toEqual([]);
    const [reader] = await magazine.rows('SELECT reader_id FROM gold.churn_scores ORDER BY 1 LIMIT 1');
    const one = await magazine.withContext((context) =>
      explainEntity(context, textOf(reader?.['reader_id'])),
    );
    expect(one.explained.reasons).toEqual([]);
    expect(one.explained.contributions).toHaveLength(6);
  });
});
