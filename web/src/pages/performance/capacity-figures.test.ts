import { describe, expect, test } from 'vitest';
import { bestCapacity, capacityCurve, capacityFigures } from './capacity-figures.ts';

const point = (share: number, found: number) => ({
  share,
  contacted: share * 1000,
  found,
  missed: 100 - found,
  precision: found / (share * 1000),
  recall: found / 100,
  false_positive_rate: (share * 1000 - found) / 900,
});
const horizon = {
  days: 30,
  model: 'm',
  version: 1,
  split: 'test' as const,
  rows: 1000,
  positives: 100,
  base_rate: 0.1,
  metrics: [],
  deciles: [],
  calibration: [],
  curve: [point(0.1, 50), point(0.2, 70), point(1, 100)],
  segments: [],
  baselines: [],
};
const economics = { contact_cost: 2, offer_cost: 20, acceptance: 0.25, mean_value: 300 };

describe('what comes of a capacity', () => {
  test('at a point of the curve is what was found there, and the four counts add up to all rows', () => {
    const figures = capacityFigures(horizon, economics, 0.1);
    expect(figures).toMatchObject({
      contacted: 100,
      found: 50,
      missed: 50,
      inVain: 50,
      leftAlone: 850,
      precision: 0.5,
      recall: 0.5,
    });
    const { found, missed, inVain, leftAlone } = figures;
    expect(found + missed + inVain + leftAlone).toBe(1000);
  });

  test('between two points is in proportion', () => {
    expect(capacityFigures(horizon, economics, 0.15).found).toBe(60);
    expect(capacityFigures(horizon, economics, 0.05).found).toBe(25);
  });

  test('costs every contact and the offers that are accepted, and gains those who stay for it', () => {
    const { cost, gain } = capacityFigures(horizon, economics, 0.1);
    expect(cost).toBe(100 * (2 + 0.25 * 20));
    expect(gain).toBe(0.25 * 50 * 300 - 700);
  });

  test('has no gain where nobody’s worth is known', () => {
    expect(capacityFigures(horizon, { ...economics, mean_value: null }, 0.1).gain).toBeNull();
  });

  test('at its ends is nobody and everybody', () => {
    const curve = capacityCurve(horizon, economics);
    expect(curve[0]).toMatchObject({ contacted: 0, found: 0, precision: null, cost: 0, gain: 0 });
    expect(curve.at(-1)).toMatchObject({ contacted: 1000, found: 100, missed: 0, leftAlone: 0 });
  });

  test('is best where the next contact costs more than it brings', () => {
    // Up to a tenth each contact brings 37.5, then 15, then 2.8, and costs 7.
    expect(bestCapacity(capacityCurve(horizon, economics))?.share).toBe(0.2);
    expect(bestCapacity(capacityCurve(horizon, { ...economics, mean_value: null }))).toBeUndefined();
  });
});
