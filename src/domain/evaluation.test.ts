import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Labels } from './columns.ts';
import { type BinaryEvaluation, evaluateBinary } from './evaluation.ts';
import { metricList, type MetricOptions } from './metrics.ts';
import { topCount } from './ranking.ts';

/** The values of a ranking alone. */
function ranked(
  labels: Labels,
  rawScores: Float64Array,
  options?: MetricOptions,
): Record<string, number | null> {
  return valuesOf(evaluateBinary({ labels, rawScores, probabilities: rawScores.map(() => 0.5) }, options));
}
const valuesOf = ({ metrics }: BinaryEvaluation): Record<string, number | null> =>
  Object.fromEntries(Object.entries(metrics).map(([name, { value }]) => [name, value]));
const evaluated = (
  labels: Labels,
  rawScores: Float64Array,
  probabilities: Float64Array,
  options?: MetricOptions,
): BinaryEvaluation => evaluateBinary({ labels, rawScores, probabilities }, options);

interface Sample {
  readonly labels: readonly number[];
  readonly scores: readonly number[];
}

const labelsOf = (sample: Sample): Uint8Array => Uint8Array.from(sample.labels);
const scoresOf = (sample: Sample): Float64Array => Float64Array.from(sample.scores);
const probabilitiesOf = (sample: Sample): Float64Array =>
  scoresOf(sample).map((score) => 1 / (1 + Math.exp(-score)));
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Few distinct scores, so that ties are the rule, and both classes present. */
const mixedSample: fc.Arbitrary<Sample> = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: -4, max: 4 })), {
    minLength: 2,
    maxLength: 40,
  })
  .map((rows) => ({ labels: rows.map(([label]) => label), scores: rows.map(([, score]) => score) }))
  .filter(({ labels }) => labels.includes(0) && labels.includes(1));

function shuffled(sample: Sample, keys: readonly number[]): Sample {
  const order = sample.labels.map((_, row) => row).sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || b - a);
  return {
    labels: order.map((row) => sample.labels[row] as number),
    scores: order.map((row) => sample.scores[row] as number),
  };
}

describe('brute force', () => {
  test('agrees on the ROC area over all pairs', () => {
    fc.assert(
      fc.property(mixedSample, (sample) => {
        const { labels, scores } = sample;
        const wins = labels.flatMap((label, positive) =>
          labels.flatMap((other, negative) => {
            if (label !== 1 || other !== 0) return [];
            const difference = (scores[positive] as number) - (scores[negative] as number);
            return [difference > 0 ? 1 : difference === 0 ? 0.5 : 0];
          }),
        );
        expect(ranked(labelsOf(sample), scoresOf(sample))['auc_roc']).toBeCloseTo(
          sum(wins) / wins.length,
          12,
        );
      }),
    );
  });

  test('agrees on average precision and on precision at recall over all thresholds', () => {
    fc.assert(
      fc.property(mixedSample, fc.double({ min: 0.01, max: 1, noNaN: true }), (sample, recall) => {
        const thresholds = [...new Set(sample.scores)].sort((a, b) => b - a);
        const points = thresholds.map((threshold) => {
          const flagged = sample.labels.filter((_, row) => (sample.scores[row] as number) >= threshold);
          return { precision: sum(flagged) / flagged.length, recall: sum(flagged) / sum(sample.labels) };
        });
        const expected = sum(
          points.map((point, index) => (point.recall - (points[index - 1]?.recall ?? 0)) * point.precision),
        );
        expect(ranked(labelsOf(sample), scoresOf(sample))['auc_pr']).toBeCloseTo(expected, 12);
        const best = Math.max(...points.filter((p) => p.recall >= recall).map((p) => p.precision));
        const actual = evaluated(labelsOf(sample), scoresOf(sample), probabilitiesOf(sample), { recall });
        const name = metricList({ recall }).find((metric) =>
          metric.name.startsWith('precision_at_recall'),
        )?.name;
        expect(actual.metrics[name ?? '']?.value).toBe(best);
      }),
    );
  });

  test('agrees on the top share as the mean over orders of tied rows', () => {
    fc.assert(
      fc.property(mixedSample, fc.double({ min: 0.01, max: 1, noNaN: true }), (sample, share) => {
        const { labels, scores } = sample;
        const count = topCount(labels.length, share);
        // A row is in the top with the probability that a random order of its ties gives it a place.
        const found = sum(
          labels.map((label, row) => {
            const above = scores.filter((score) => score > (scores[row] as number)).length;
            const tied = scores.filter((score) => score === scores[row]).length;
            return label * Math.min(Math.max((count - above) / tied, 0), 1);
          }),
        );
        const [columnOfLabels, columnOfScores] = [labelsOf(sample), scoresOf(sample)];
        const top = ranked(columnOfLabels, columnOfScores, { shares: [share] });
        const [precision, recall, lifted] = Object.keys(top).filter((name) => name.includes('_at_top_'));
        expect(top[precision ?? '']).toBeCloseTo(found / count, 12);
        expect(top[recall ?? '']).toBeCloseTo(found / sum(labels), 12);
        const lift = found / count / (sum(labels) / labels.length);
        expect(top[lifted ?? '']).toBeCloseTo(lift, 10);
      }),
    );
  });
});

describe('brute force over rows', () => {
  const withThreshold = fc.tuple(mixedSample, fc.double({ min: 0.01, max: 1, noNaN: true }));

  test('agrees on the Brier score, its skill, the log loss, F1 and the confusion', () => {
    fc.assert(
      fc.property(withThreshold, ([sample, threshold]) => {
        const [labels, probabilities] = [labelsOf(sample), probabilitiesOf(sample)];
        const { metrics, decision } = evaluated(labels, scoresOf(sample), probabilities, { threshold });
        const rows = [...labels].map((label, row) => ({ label, probability: probabilities[row] as number }));
        const mean = (values: readonly number[]): number => sum(values) / rows.length;
        const brier = mean(rows.map(({ label, probability }) => (probability - label) ** 2));
        const base = mean(rows.map(({ label }) => label));
        expect(metrics['brier']?.value).toBeCloseTo(brier, 12);
        expect(metrics['brier_skill']?.value).toBeCloseTo(
          1 - brier / mean(rows.map(({ label }) => (label - base) ** 2)),
          12,
        );
        const loss = rows.map(
          ({ label, probability }) => -Math.log(label === 1 ? probability : 1 - probability),
        );
        expect(metrics['log_loss']?.value).toBeCloseTo(mean(loss), 12);
        const count = (label: number, positive: boolean): number =>
          rows.filter((row) => row.label === label && row.probability >= threshold === positive).length;
        expect(decision).toEqual({
          threshold,
          truePositives: count(1, true),
          falsePositives: count(0, true),
          falseNegatives: count(1, false),
          trueNegatives: count(0, false),
        });
        const f1 = (2 * count(1, true)) / (2 * count(1, true) + count(0, true) + count(1, false));
        expect(metrics['f1']?.value).toBeCloseTo(f1, 12);
      }),
    );
  });

  test('agrees on the calibration error where the bins are whole and nothing is tied', () => {
    const sample = fc.array(fc.tuple(fc.boolean(), fc.double({ min: 0, max: 1, noNaN: true })), {
      minLength: 4,
      maxLength: 40,
    });
    fc.assert(
      fc.property(sample, fc.integer({ min: 1, max: 4 }), (pairs, bins) => {
        const rows = pairs
          .filter(([, probability], row) => pairs.findIndex((other) => other[1] === probability) === row)
          .toSorted((a, b) => a[1] - b[1]);
        fc.pre(rows.length % bins === 0 && rows.length > 0);
        const size = rows.length / bins;
        const distances = Array.from({ length: bins }, (_, bin) =>
          Math.abs(sum(rows.slice(bin * size, (bin + 1) * size).map(([label, p]) => p - Number(label)))),
        );
        const probabilities = Float64Array.from(rows, ([, p]) => p);
        const actual = evaluated(
          Uint8Array.from(rows, ([label]) => Number(label)),
          probabilities,
          probabilities,
          { bins },
        );
        expect(actual.metrics['calibration_error']?.value).toBeCloseTo(sum(distances) / rows.length, 12);
      }),
    );
  });
});

describe('invariance', () => {
  test('no metric depends on the order of rows, to the last bit', () => {
    fc.assert(
      fc.property(mixedSample, fc.array(fc.integer(), { minLength: 40, maxLength: 40 }), (sample, keys) => {
        const other = shuffled(sample, keys);
        const options = { threshold: 0.3 };
        expect(evaluated(labelsOf(other), scoresOf(other), probabilitiesOf(other), options)).toEqual(
          evaluated(labelsOf(sample), scoresOf(sample), probabilitiesOf(sample), options),
        );
      }),
    );
  });

  test('metrics that read scores do not change under a rising transform of them', () => {
    fc.assert(
      fc.property(mixedSample, (sample) => {
        const [labels, scores, probabilities] = [labelsOf(sample), scoresOf(sample), probabilitiesOf(sample)];
        const transformed = scores.map((score) => Math.exp(score) - 7);
        expect(evaluated(labels, transformed, probabilities)).toEqual(
          evaluated(labels, scores, probabilities),
        );
      }),
    );
  });

  test('metrics that read probabilities do not change with the scores', () => {
    fc.assert(
      fc.property(mixedSample, (sample) => {
        const [labels, scores, probabilities] = [labelsOf(sample), scoresOf(sample), probabilitiesOf(sample)];
        const one = evaluated(labels, scores, probabilities).metrics;
        const other = evaluated(
          labels,
          scores.map((score) => score ** 2),
          probabilities,
        ).metrics;
        for (const { name, reads } of metricList())
          if (reads === 'probability') expect(other[name]).toEqual(one[name]);
      }),
    );
  });

  test('no metric is ever NaN, and each that is null says why', () => {
    const anything = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 4 })), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(anything, (rows) => {
        const scores = Float64Array.from(rows, ([, score]) => score / 4);
        const { metrics } = evaluated(
          Uint8Array.from(rows, ([label]) => label),
          scores,
          scores,
        );
        expect(Object.keys(metrics)).toEqual(metricList().map(({ name }) => name));
        for (const { value, reason } of Object.values(metrics)) {
          expect(value === null ? typeof reason : Number.isFinite(value)).toBe(
            value === null ? 'string' : true,
          );
        }
      }),
    );
  });
});

describe('known cases', () => {
  test('a perfect ranking reaches the ends of every scale', () => {
    const labels = Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const scores = Float64Array.from(labels);
    const evaluation = evaluated(labels, scores, scores, { shares: [0.1], threshold: 0.5 });
    expect(evaluation).toMatchObject({ rows: 10, positives: 1, baseRate: 0.1 });
    const reason = 'the probability separates the classes';
    expect(evaluation.metrics).toMatchObject({
      auc_pr: { value: 1 },
      auc_roc: { value: 1 },
      precision_at_top_10pct: { value: 1 },
      recall_at_top_10pct: { value: 1 },
      lift_at_top_10pct: { value: 10 },
      precision_at_recall_70: { value: 1 },
      ks: { value: 1 },
      f1: { value: 1 },
      brier: { value: 0 },
      brier_skill: { value: 1 },
      log_loss: { value: expect.closeTo(1e-15, 18) as number },
      calibration_slope: { value: null, reason },
      calibration_error: { value: 0 },
    });
  });

  test('a constant score knows nothing', () => {
    const labels = Float32Array.from([1, 0, 0, 0]);
    const scores = new Float64Array(4).fill(3);
    const { metrics } = evaluated(
      labels,
      scores,
      scores.map(() => 0.25),
      { shares: [0.3, 0.5] },
    );
    expect(metrics).toMatchObject({
      auc_roc: { value: 0.5 },
      auc_pr: { value: 0.25 },
      lift_at_top_30pct: { value: 1 },
      recall_at_top_50pct: { value: 0.5 },
      ks: { value: 0 },
      brier_skill: { value: 0 },
      calibration_slope: { value: null, reason: 'all probabilities are equal' },
      calibration_error: { value: 0 },
    });
  });

  test('probabilities that are twice as extreme as they should be have a slope of one half', () => {
    const truth = Float64Array.from({ length: 4000 }, (_, row) => (row % 1000) / 250 - 2);
    const labels = Uint8Array.from(truth, (odds, row) =>
      (row * 0.618_033_988_75) % 1 < 1 / (1 + Math.exp(-odds)) ? 1 : 0,
    );
    const said = (factor: number, shift: number): Record<string, number | null> =>
      valuesOf(
        evaluated(
          labels,
          truth,
          truth.map((odds) => 1 / (1 + Math.exp(-factor * odds - shift))),
        ),
      );
    const right = said(1, 0);
    expect(right['calibration_slope']).toBeCloseTo(1, 1);
    expect(right['calibration_in_the_large']).toBeCloseTo(0, 1);
    expect(said(2, 0)['calibration_slope']).toBeCloseTo((right['calibration_slope'] as number) / 2, 9);
    const shifted = said(1, -1);
    expect(shifted['calibration_in_the_large']).toBeCloseTo(
      (right['calibration_in_the_large'] as number) + 1,
      9,
    );
    expect(shifted['calibration_slope']).toBeCloseTo(right['calibration_slope'] as number, 9);
  });

  test.each([
    [[], 'there are no rows'],
    [[0, 0], 'no row is positive'],
    [[1, 1], 'every row is positive'],
  ])('metrics of both classes are null for labels %j because %s', (values, reason) => {
    const labels = Uint8Array.from(values);
    const scores = new Float64Array(values.length).fill(0.5);
    const evaluation = evaluated(labels, scores, scores, { threshold: 0.5 });
    for (const { name, needs } of metricList()) {
      const { value, reason: given } = evaluation.metrics[name] ?? {};
      if (needs === 'both classes') expect([name, value, given]).toEqual([name, null, reason]);
    }
    expect(evaluation.metrics['brier']?.value).toBe(values.length === 0 ? null : 0.25);
    expect(evaluation.baseRate).toBe(values.length === 0 ? null : values[0]);
    expect(evaluation.metrics['f1']?.value).toBe(values[0] === 1 ? 1 : null);
  });

  test('a metric is named after what it is read at', () => {
    const names = metricList({ shares: [0.025], recall: 0.5 }).map(({ name }) => name);
    expect(names).toContain('lift_at_top_2_5pct');
    expect(names).toContain('precision_at_recall_50');
    expect(new Set(names).size).toBe(names.length);
  });

  test.each([
    [100, 0.07, 7],
    [5, 0.1, 1],
    [11, 0.1, 2],
    [3, 1, 3],
    [1000, 0.0001, 1],
    [0, 0.1, 0],
  ])('the top share of %i rows by %d is %i rows', (rows, share, expected) => {
    expect(topCount(rows, share)).toBe(expected);
  });
});

describe('refusals', () => {
  const scores = Float64Array.from([0.1, 0.2]);
  const labels = Uint8Array.from([0, 1]);

  test.each([0, -0.1, 1.1, NaN])('a share, recall or threshold of %d is refused', (share) => {
    expect(() => ranked(labels, scores, { shares: [share] })).toThrow(/share is/);
    expect(() => ranked(labels, scores, { recall: share })).toThrow(/recall is/);
    expect(() => ranked(labels, scores, { threshold: share })).toThrow(/threshold is/);
  });

  test('bins and campaign terms without meaning are refused', () => {
    const campaign = { alpha: 6, beta: 14, clv: 200, offer: 10, contact: 1 };
    expect(() => ranked(labels, scores, { bins: 0 })).toThrow(/bins is 0/);
    expect(() => ranked(labels, scores, { campaign: { ...campaign, alpha: 0 } })).toThrow(/alpha is 0/);
    expect(() => ranked(labels, scores, { campaign: { ...campaign, contact: -1 } })).toThrow(/contact is -1/);
    expect(() => ranked(labels, scores, { campaign: { ...campaign, offer: 200 } })).toThrow(
      /clv less offer is 0/,
    );
  });

  test('an unknown label is refused by its row', () => {
    expect(() => ranked(Float32Array.from([1, NaN]), scores)).toThrow(/label of row 2 is NaN/);
  });

  test('a raw score is refused where a probability is needed', () => {
    expect(() => evaluated(labels, scores, Float64Array.from([0.5, 1.5]))).toThrow(/row 2 is 1.5/);
  });

  test('columns of different lengths are a fault', () => {
    expect(() => ranked(Uint8Array.from([0]), scores)).toThrow(/columns differ in length/);
  });
});
