import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { calibrationBins, rankingCurve } from './curves.ts';
import { chooseThreshold } from './decision-threshold.ts';

const scored = fc
  .array(fc.record({ label: fc.integer({ min: 0, max: 1 }), score: fc.integer({ min: 0, max: 30 }) }), {
    minLength: 2,
    maxLength: 300,
  })
  .filter((rows) => new Set(rows.map(({ label }) => label)).size === 2)
  .map((rows) => ({
    labels: Float32Array.from(rows, ({ label }) => label),
    rawScores: Float64Array.from(rows, ({ score }) => score - 15),
    probabilities: Float64Array.from(rows, ({ score }) => (score + 1) / 40),
  }));

describe('the ranking curve', () => {
  it('rises to all rows and all positives, and every point is true of the rows', () => {
    fc.assert(
      fc.property(scored, ({ labels, rawScores }) => {
        const points = rankingCurve({ labels, rawScores });
        expect(points.at(-1)).toMatchObject({ share: 1, recall: 1, falsePositiveRate: 1 });
        for (const { share, precision, recall } of points) {
          const taken = Math.round(share * labels.length);
          const order = [...rawScores.keys()].sort((a, b) => (rawScores[b] ?? 0) - (rawScores[a] ?? 0));
          const found = order.slice(0, taken).filter((row) => labels[row] === 1).length;
          const positives = labels.filter((label) => label === 1).length;
          expect(precision).toBeCloseTo(found / taken, 12);
          expect(recall).toBeCloseTo(found / positives, 12);
        }
      }),
    );
  });

  it('has at most about two hundred points and none where a class is missing', () => {
    const rows = 20_000;
    const rawScores = Float64Array.from({ length: rows }, (_, row) => Math.sin(row * 12.9898) * 1000);
    const labels = Float32Array.from({ length: rows }, (_, row) => (row % 7 === 0 ? 1 : 0));
    const { length } = rankingCurve({ labels, rawScores });
    expect(length).toBeGreaterThan(150);
    expect(length).toBeLessThanOrEqual(201);
    expect(rankingCurve({ labels: new Float32Array(3), rawScores: new Float64Array(3) })).toEqual([]);
  });
});

describe('calibration bins', () => {
  it('hold every row once, in rising order, whatever the order of rows', () => {
    fc.assert(
      fc.property(scored, ({ labels, probabilities }) => {
        const bins = calibrationBins({ labels, probabilities }, 10);
        expect(bins.reduce((sum, { rows }) => sum + rows, 0)).toBe(labels.length);
        expect(bins.reduce((sum, { positives }) => sum + positives, 0)).toBe(
          labels.filter((label) => label === 1).length,
        );
        const means = bins.map(({ meanProbability }) => meanProbability);
        expect(means).toEqual([...means].sort((a, b) => a - b));
        expect(
          calibrationBins(
            { labels: labels.slice().reverse(), probabilities: probabilities.slice().reverse() },
            10,
          ).map(({ rows, positives }) => [rows, positives]),
        ).toEqual(bins.map(({ rows, positives }) => [rows, positives]));
      }),
    );
  });

  it('go on after a group of ties that fills several bins as if it filled one', () => {
    const probabilities = Float64Array.from({ length: 500 }, (_, row) =>
      row < 250 ? 0.05 : 0.1 + row / 1000,
    );
    const labels = Float32Array.from({ length: 500 }, (_, row) => (row % 10 === 0 ? 1 : 0));
    const sizes = calibrationBins({ labels, probabilities }, 20).map(({ rows }) => rows);
    expect(sizes).toEqual([250, ...Array.from({ length: 10 }, () => 25)]);
  });

  it('give the interval of Wilson', () => {
    const [bin] = calibrationBins(
      {
        labels: Float32Array.from({ length: 20 }, (_, row) => (row < 3 ? 1 : 0)),
        probabilities: new Float64Array(20).fill(0.1),
      },
      1,
    );
    // 3 of 20, as scipy's binomtest(3, 20).proportion_ci(method='wilson') gives it.
    expect(bin?.lower).toBeCloseTo(0.0523687458962166, 9);
    expect(bin?.upper).toBeCloseTo(0.36041886474075696, 9);
  });
});

describe('the decision threshold', () => {
  const labels = Float32Array.from([1, 1, 0, 1, 0, 0, 0, 0, 0, 0]);
  const probabilities = Float64Array.from([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05]);
  const choose = (rule: Parameters<typeof chooseThreshold>[2]): number | null =>
    chooseThreshold(labels, probabilities, rule);

  it('follows its rule', () => {
    expect(choose({ rule: 'best_f1' })).toBe(0.6);
    expect(choose({ rule: 'precision_floor', precision: 0.75 })).toBe(0.6);
    expect(choose({ rule: 'precision_floor', precision: 0.9 })).toBe(0.8);
    expect(choose({ rule: 'capacity', share: 0.3 })).toBe(0.7);
    // Each of the three is worth .3 (200 - 10) - 1 = 56 and a false alarm costs 11.
    expect(choose({ rule: 'profit' })).toBe(0.6);
  });

  it('takes the most precise where no precision is enough, and nothing where a class is missing', () => {
    expect(
      chooseThreshold(Float32Array.of(0, 1, 0), Float64Array.of(0.9, 0.8, 0.1), {
        rule: 'precision_floor',
        precision: 0.9,
      }),
    ).toBe(0.8);
    expect(chooseThreshold(new Float32Array(2), new Float64Array(2), { rule: 'best_f1' })).toBeNull();
  });
});
