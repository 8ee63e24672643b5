import { describe, expect, it } from 'vitest';
import type { TierSettings, ValueSettings } from '../pack/index.ts';
import { decide } from './tiers.ts';
import { type RowScores, rowTier } from './row-tier.ts';
import { remainingValueOf } from './value.ts';

const VALUE: ValueSettings = {
  assumption: 'assumed',
  currency: 'GBP',
  monthly_revenue: { column: 'price' },
  months: 12,
  contact_cost: 5,
  offer_cost: 30,
  acceptance: 0.2,
};
const LADDER: TierSettings['ladder'] = [
  { name: 'RED', horizon: 30, threshold: 0.5, capacity: 2 },
  { name: 'AMBER', horizon: 60, threshold: 0.5, capacity: 3 },
  { name: 'YELLOW', horizon: 90, threshold: 0.5, capacity: 1 },
];
const settings = (basis: TierSettings['basis']): TierSettings => ({
  basis,
  ladder: LADDER,
  otherwise: 'GREEN',
});
const HORIZONS = [30, 60, 90];

const row = (probabilities: readonly number[], value = Number.NaN): RowScores => ({
  horizons: HORIZONS.map((days, index) => {
    const probability = probabilities[index] ?? Number.NaN;
    return { days, rawScore: probability * 4 - 2, probability, riskScore: 1 - (1 - probability) ** 3 };
  }),
  value,
});

const nameOf = (tiers: TierSettings, rung: number): string => tiers.ladder[rung]?.name ?? tiers.otherwise;

describe('the tier of one row', () => {
  it('is YELLOW for probabilities of .23, .41 and .58 where thresholds apply to the probability', () => {
    const tiers = settings('probability');
    const tierOf = rowTier({ tiers, value: VALUE, horizons: HORIZONS });
    expect(nameOf(tiers, tierOf(row([0.23, 0.41, 0.58])))).toBe('YELLOW');
    expect(nameOf(tiers, tierOf(row([0.23, 0.41, 0.5])))).toBe('GREEN');
    expect(nameOf(tiers, tierOf(row([0.23, 0.58, 0.58])))).toBe('AMBER');
    expect(nameOf(tiers, tierOf(row([0.51, 0.58, 0.6])))).toBe('RED');
  });

  it.each(['risk_score', 'probability', 'profit'] as const)('is that of the batch by %s', (basis) => {
    const tiers = settings(basis);
    const tierOf = rowTier({ tiers, value: VALUE, horizons: HORIZONS });
    const rows = Array.from({ length: 500 }, (_, index) => {
      const probability = (index % 25) / 24;
      return row([probability ** 3, probability ** 2, probability], index % 7 === 0 ? Number.NaN : index * 2);
    });
    const column = (horizon: number, of: 'rawScore' | 'probability' | 'riskScore'): Float64Array =>
      Float64Array.from(rows, ({ horizons }) => horizons[horizon]?.[of] ?? Number.NaN);
    const batch = decide(
      {
        horizons: HORIZONS.map((days, index) => ({
          days,
          rawScores: column(index, 'rawScore'),
          probabilities: column(index, 'probability'),
          riskScores: column(index, 'riskScore'),
        })),
        values: Float64Array.from(rows, ({ value }) => value),
      },
      tiers,
      VALUE,
    );
    expect(rows.map(tierOf)).toEqual([...batch.tiers]);
    expect(new Set(batch.tiers).size).toBeGreaterThan(2);
  });

  it('is by capacity the first one that admitted a score as low', () => {
    const tiers = settings('capacity');
    const lowest = [1, -0.5, -Infinity];
    const tierOf = rowTier({ tiers, value: VALUE, horizons: HORIZONS, lowestAdmitted: lowest });
    expect(tierOf(row([0.75, 0.8, 0.9]))).toBe(0);
    expect(tierOf(row([0.74, 0.8, 0.9]))).toBe(1);
    expect(tierOf(row([0.1, 0.2, 0.3]))).toBe(2);
    expect(() => rowTier({ tiers, value: VALUE, horizons: HORIZONS })).toThrow(
      expect.objectContaining({ code: 'HF602' }),
    );
  });

  it('needs scores of every horizon that the ladder looks at', () => {
    expect(() => rowTier({ tiers: settings('probability'), value: VALUE, horizons: [30, 60] })).toThrow(
      expect.objectContaining({ code: 'HF103', message: expect.stringContaining('90') as string }),
    );
  });
});

describe('the remaining value of one row', () => {
  const byPlan: ValueSettings = {
    ...VALUE,
    monthly_revenue: { column: 'speed', by: { '18.0': 24, '35': 27, Fast: 30 }, otherwise: 10 },
  };

  it('is the revenue column times the months, and not known without it', () => {
    expect(remainingValueOf(VALUE, { price: 10 })).toBe(120);
    expect(remainingValueOf(VALUE, { price: '10.5' })).toBe(126);
    expect(remainingValueOf(VALUE, { price: null })).toBeNaN();
    expect(remainingValueOf(VALUE, {})).toBeNaN();
  });

  it('is found by the text of a value, with and without decimals', () => {
    expect(remainingValueOf(byPlan, { speed: 18 })).toBe(288);
    expect(remainingValueOf(byPlan, { speed: 35 })).toBe(324);
    expect(remainingValueOf(byPlan, { speed: 'Fast' })).toBe(360);
    expect(remainingValueOf(byPlan, { speed: 'Slow' })).toBe(120);
    expect(remainingValueOf(byPlan, { speed: null })).toBe(120);
    expect(remainingValueOf(byPlan, {})).toBeNaN();
  });
});
