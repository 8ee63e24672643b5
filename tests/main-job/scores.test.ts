/** What the score step says of each customer: probabilities, tiers on every basis, value, and where it comes from. */
import { cp } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resolveConfig } from '../../src/config/index.ts';
import { decide } from '../../src/decide/index.ts';
import { type Row, textOf } from '../../src/engine/index.ts';
import { setInUse } from '../support/set-in-use.ts';
import { openWorkspace, type TestWorkspace } from '../support/workspace.ts';
import { type Deliveries, makeDeliveries } from './deliveries.ts';

const HORIZONS = [30, 60, 90] as const;
const LADDER = ['RED', 'AMBER', 'YELLOW'] as const;
const number = (row: Row, column: string): number => {
  const value = row[column];
  if (typeof value !== 'number') throw new Error(`${column} is ${JSON.stringify(value)}`);
  return value;
};

let deliveries: Deliveries;
let workspace: TestWorkspace;
let scores: Row[];

beforeAll(async () => {
  deliveries = await makeDeliveries({
    customers: 600,
    from: '2023-09-01',
    cut: '2024-10-01',
    to: '2024-11-01',
  });
  workspace = await openWorkspace({ settings: { 'learner.rounds': 30 } });
  await cp(deliveries.first, workspace.landing, { recursive: true });
  await workspace.run();
  scores = await scoresOf(workspace);
});
afterAll(async () => {
  await workspace[Symbol.asyncDispose]();
  await deliveries[Symbol.asyncDispose]();
});

const scoresOf = (of: TestWorkspace): Promise<Row[]> =>
  of.rows('SELECT * FROM gold.churn_scores ORDER BY unique_customer_identifier');

/** The same customers scored again under other settings, in place of what was there. */
async function scoredWith(settings: Readonly<Record<string, string | number>>): Promise<Row[]> {
  await workspace.run({ from: 'score', to: 'score' }, settings);
  return scoresOf(workspace);
}

/** The first tier whose rule holds for its horizon. */
const cascade = (holds: (days: number) => boolean): string =>
  LADDER[HORIZONS.findIndex((days) => holds(days))] ?? 'GREEN';

describe('scores', () => {
  test('are probabilities that do not fall with the horizon', () => {
    expect(scores.length).toBeGreaterThan(300);
    for (const row of scores) {
      const [first, second, third] = HORIZONS.map((days) => number(row, `probability_${String(days)}d`));
      expect(first).toBeGreaterThanOrEqual(0);
      expect(second).toBeGreaterThanOrEqual(Number(first));
      expect(third).toBeGreaterThanOrEqual(Number(second));
      expect(third).toBeLessThanOrEqual(1);
    }
    const distinct = new Set(scores.map((row) => row['probability_90d']));
    expect(distinct.size).toBeGreaterThan(3);
  });

  test('have the risk score that belongs to the probability and the base rate of training', async () => {
    const set = await workspace.withContext(({ folders }) => setInUse(folders.models));
    for (const row of scores)
      for (const [index, days] of HORIZONS.entries()) {
        const { baseRate } = set?.models[index]?.statistics ?? { baseRate: Number.NaN };
        const probability = number(row, `probability_${String(days)}d`);
        const leaves = probability * (1 - baseRate);
        const expected = leaves / (leaves + (1 - probability) * baseRate);
        expect(number(row, `risk_score_${String(days)}d`)).toBeCloseTo(expected, 12);
      }
  });

  test('have deciles that rise with the raw score', () => {
    for (const days of HORIZONS) {
      const ordered = [...scores].sort(
        (a, b) => number(a, `raw_score_${String(days)}d`) - number(b, `raw_score_${String(days)}d`),
      );
      const deciles = ordered.map((row) => number(row, `risk_decile_${String(days)}d`));
      expect(deciles).toEqual([...deciles].sort((a, b) => a - b));
      expect(Math.min(...deciles)).toBeGreaterThanOrEqual(1);
      expect(Math.max(...deciles)).toBeLessThanOrEqual(10);
    }
  });

  test('put at risk the longest-horizon probability of the remaining value', async () => {
    const speeds = await workspace.rows(
      `SELECT features.unique_customer_identifier, features.speed FROM gold.churn_features AS features
       JOIN gold.churn_scores AS scores ON scores.unique_customer_identifier = features.unique_customer_identifier
         AND scores.score_date = features.observation_date ORDER BY 1`,
    );
    expect(speeds).toHaveLength(scores.length);
    const prices: Readonly<Record<string, number>> = { 18: 24, 35: 27, 40: 28, 65: 31, 150: 37, 250: 42 };
    for (const [index, row] of scores.entries()) {
      const price = prices[textOf(speeds[index]?.['speed'])];
      if (price !== undefined) expect(row['remaining_value']).toBe(price * 12);
      expect(number(row, 'value_at_risk')).toBe(
        number(row, 'probability_90d') * number(row, 'remaining_value'),
      );
      expect(row['currency']).toBe('GBP');
    }
  });

  test('name the model set, the feature version and the pack that they come from', async () => {
    const { pack } = await resolveConfig({ flags: [{ key: 'pack', value: 'broadband', flag: '--pack' }] });
    const { set, version } = await workspace.withContext(async ({ folders, lake }) => ({
      set: await setInUse(folders.models),
      version: (await lake.snapshot('gold.churn_features')).version,
    }));
    expect(
      await workspace.rows('SELECT DISTINCT model_set, feature_version, pack_hash FROM gold.churn_scores'),
    ).toEqual([{ model_set: set?.set.id, feature_version: version, pack_hash: pack.hash }]);
    expect(set?.set.packHash).toBe(pack.hash);
  });

  test('carry the action, owner and time of the tier, counted from the score date', () => {
    const hours: Readonly<Record<string, number>> = { RED: 24, AMBER: 168, YELLOW: 720 };
    for (const row of scores) {
      const after = hours[textOf(row['risk_tier'])];
      const due =
        after === undefined ? null : new Date(Date.parse('2024-10-01') + after * 3_600_000).toISOString();
      expect(row['contact_by'] === null ? null : new Date(textOf(row['contact_by'])).toISOString()).toBe(due);
      expect(row['action']).toEqual(expect.any(String));
    }
  });
});

describe('tiers', () => {
  test('on the risk score, strictly above the threshold', () => {
    for (const row of scores)
      expect(row['risk_tier']).toBe(cascade((days) => number(row, `risk_score_${String(days)}d`) > 0.5));
    expect(new Set(scores.map((row) => row['risk_tier'])).size).toBeGreaterThan(2);
  });

  test('on the probability, with thresholds of their own', async () => {
    const rows = await scoredWith({
      'tiers.basis': 'probability',
      'tiers.thresholds.RED': 0.1,
      'tiers.thresholds.AMBER': 0.2,
      'tiers.thresholds.YELLOW': 0.15,
    });
    const thresholds = { 30: 0.1, 60: 0.2, 90: 0.15 };
    for (const row of rows)
      expect(row['risk_tier']).toBe(
        cascade(
          (days) => number(row, `probability_${String(days)}d`) > thresholds[days as keyof typeof thresholds],
        ),
      );
    expect(new Set(rows.map((row) => row['risk_tier'])).size).toBeGreaterThan(1);
  });

  test('on capacities: the highest raw scores of those left, tier by tier', async () => {
    const capacities = [7, 11, 5];
    const rows = await scoredWith({
      'tiers.basis': 'capacity',
      'tiers.capacities.RED': 7,
      'tiers.capacities.AMBER': 11,
      'tiers.capacities.YELLOW': 5,
    });
    let left = rows;
    for (const [index, tier] of LADDER.entries()) {
      const column = `raw_score_${String(HORIZONS[index])}d`;
      // The sort is stable: of equal scores the smaller key comes first.
      const taken = [...left]
        .sort((a, b) => number(b, column) - number(a, column))
        .slice(0, capacities[index]);
      expect(new Set(rows.filter((row) => row['risk_tier'] === tier))).toEqual(new Set(taken));
      left = left.filter((row) => !taken.includes(row));
    }
    expect(new Set(left.map((row) => row['risk_tier']))).toEqual(new Set(['GREEN']));
  });

  test('on capacities that are not stated, scoring is refused by the name of the tier', async () => {
    await expect(workspace.run({ from: 'score' }, { 'tiers.basis': 'capacity' })).rejects.toMatchObject({
      code: 'HF103',
      exitCode: 2,
      place: { field: 'tiers.ladder.RED.capacity' },
    });
  });

  test('on profit: where a contact is expected to gain', async () => {
    const rows = await scoredWith({ 'tiers.basis': 'profit', 'value.contact_cost': 8 });
    const gain = (row: Row, days: number): number =>
      0.25 * (number(row, `probability_${String(days)}d`) * number(row, 'remaining_value') - 40) - 8;
    for (const row of rows) {
      expect(row['risk_tier']).toBe(cascade((days) => gain(row, days) > 0));
      expect(number(row, 'expected_gain')).toBeCloseTo(gain(row, 90), 9);
    }
    expect(new Set(rows.map((row) => row['risk_tier'])).size).toBeGreaterThan(1);
  });

  test('of probabilities .23, .41 and .58 with a threshold of .5 is YELLOW', async () => {
    const { pack } = await resolveConfig({ flags: [{ key: 'pack', value: 'broadband', flag: '--pack' }] });
    const probabilities = [0.23, 0.41, 0.58];
    const decision = decide(
      {
        horizons: HORIZONS.map((days, index) => ({
          days,
          rawScores: Float64Array.of(-1),
          probabilities: Float64Array.of(probabilities[index] ?? Number.NaN),
          riskScores: Float64Array.of(0.9),
        })),
        values: Float64Array.of(372),
      },
      { ...pack.file.tiers, basis: 'probability' },
      pack.file.value,
    );
    expect(decision.tierNames[decision.tiers[0] ?? -1]).toBe('YELLOW');
    expect(decision.valuesAtRisk[0]).toBeCloseTo(0.58 * 372, 12);
  });
});
