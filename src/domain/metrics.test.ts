import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Labels } from './columns.ts';
import {
  type BinaryEvaluation,
  brierScore,
  evaluateBinary,
  type EvaluationOptions,
  logLoss,
} from './metrics.ts';
import { topCount } from './ranking.ts';

/** The evaluation of a ranking alone. */
const ranked = (labels: Labels, scores: Float64Array, options?: EvaluationOptions): BinaryEvaluation =>
  evaluateBinary(labels, scores, new Float64Array(labels.length), options);
const areaUnderRoc = (labels: Labels, scores: Float64Array): number | null =>
  ranked(labels, scores).areaUnderRoc;
const averagePrecision = (labels: Labels, scores: Float64Array): number | null =>
  ranked(labels, scores).averagePrecision;

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
        expect(areaUnderRoc(labelsOf(sample), scoresOf(sample))).toBeCloseTo(sum(wins) / wins.length, 12);
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
        expect(averagePrecision(labelsOf(sample), scoresOf(sample))).toBeCloseTo(expected, 12);
        const best = Math.max(...points.filter((p) => p.recall >= recall).map((p) => p.precision));
        expect(ranked(labelsOf(sample), scoresOf(sample), { recall }).precisionAtRecall).toBe(best);
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
        const top = ranked(columnOfLabels, columnOfScores, { share });
        expect(top.precisionAtShare).toBeCloseTo(found / count, 12);
        expect(top.recallAtShare).toBeCloseTo(found / sum(labels), 12);
        const lift = found / count / (sum(labels) / labels.length);
        expect(top.liftAtShare).toBeCloseTo(lift, 10);
      }),
    );
  });
});

describe('invariance', () => {
  test('metrics do not depend on the order of rows', () => {
    fc.assert(
      fc.property(mixedSample, fc.array(fc.integer(), { minLength: 40, maxLength: 40 }), (sample, keys) => {
        const other = shuffled(sample, keys);
        const {
          brierScore: brier,
          logLoss: loss,
          ...ranking
        } = evaluateBinary(labelsOf(sample), scoresOf(sample), probabilitiesOf(sample));
        const again = evaluateBinary(labelsOf(other), scoresOf(other), probabilitiesOf(other));
        expect(again).toMatchObject(ranking);
        expect(again.brierScore).toBeCloseTo(brier as number, 12);
        expect(again.logLoss).toBeCloseTo(loss as number, 12);
      }),
    );
  });

  test('ranking metrics do not change under a rising transform of the scores', () => {
    fc.assert(
      fc.property(mixedSample, (sample) => {
        const [labels, scores, probabilities] = [labelsOf(sample), scoresOf(sample), probabilitiesOf(sample)];
        const transformed = scores.map((score) => Math.exp(score) - 7);
        expect(evaluateBinary(labels, transformed, probabilities)).toEqual(
          evaluateBinary(labels, scores, probabilities),
        );
      }),
    );
  });

  test('a multiplicity stands for repeated rows', () => {
    fc.assert(
      fc.property(
        mixedSample,
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 40, maxLength: 40 }),
        (sample, copies) => {
          const multiplicity = Uint32Array.from(copies.slice(0, sample.labels.length));
          const repeat = (values: readonly number[]): number[] =>
            values.flatMap((value, row) => Array.from({ length: multiplicity[row] as number }, () => value));
          const repeated = { labels: repeat(sample.labels), scores: repeat(sample.scores) };
          const [labels, scores] = [labelsOf(sample), scoresOf(sample)];
          const actual = evaluateBinary(labels, scores, probabilitiesOf(sample), { multiplicity });
          const expected = evaluateBinary(labelsOf(repeated), scoresOf(repeated), probabilitiesOf(repeated));
          const { brierScore: brier, logLoss: loss, ...ranking } = expected;
          expect(actual).toMatchObject(ranking);
          if (brier === null) expect(actual.brierScore).toBeNull();
          else expect(actual.brierScore).toBeCloseTo(brier, 12);
          if (loss === null) expect(actual.logLoss).toBeNull();
          else expect(actual.logLoss).toBeCloseTo(loss, 12);
        },
      ),
    );
  });
});

describe('known cases', () => {
  test('a perfect ranking reaches the ends of every scale', () => {
    const labels = Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const scores = Float64Array.from(labels);
    expect(evaluateBinary(labels, scores, scores)).toEqual({
      rows: 10,
      positives: 1,
      baseRate: 0.1,
      reason: null,
      areaUnderRoc: 1,
      averagePrecision: 1,
      share: 0.1,
      liftAtShare: 10,
      precisionAtShare: 1,
      recallAtShare: 1,
      recall: 0.7,
      precisionAtRecall: 1,
      brierScore: 0,
      logLoss: expect.closeTo(1e-15, 18) as number,
    });
  });

  test('a constant score knows nothing', () => {
    const labels = Float32Array.from([1, 0, 0, 0]);
    const scores = new Float64Array(4).fill(3);
    expect(areaUnderRoc(labels, scores)).toBe(0.5);
    expect(averagePrecision(labels, scores)).toBe(0.25);
    expect(ranked(labels, scores, { share: 0.3 }).liftAtShare).toBe(1);
    expect(ranked(labels, scores, { share: 0.5 }).recallAtShare).toBe(0.5);
  });

  test('the mean squared error and the log loss follow their definitions', () => {
    const labels = Uint8Array.from([1, 0]);
    const probabilities = Float64Array.from([0.8, 0.4]);
    expect(brierScore(labels, probabilities)).toBeCloseTo((0.04 + 0.16) / 2, 15);
    expect(logLoss(labels, probabilities)).toBeCloseTo(-(Math.log(0.8) + Math.log(0.6)) / 2, 15);
  });

  test.each([
    [[], 'there are no rows'],
    [[0, 0], 'no row is positive'],
    [[1, 1], 'every row is positive'],
  ])('ranking metrics of labels %j are null because %s', (values, reason) => {
    const labels = Uint8Array.from(values);
    const scores = new Float64Array(values.length).fill(0.5);
    const evaluation = evaluateBinary(labels, scores, scores);
    expect(evaluation).toMatchObject({
      reason,
      areaUnderRoc: null,
      averagePrecision: null,
      liftAtShare: null,
      precisionAtShare: null,
      recallAtShare: null,
      precisionAtRecall: null,
    });
    expect(evaluation.brierScore).toBe(values.length === 0 ? null : 0.25);
    expect(ranked(labels, new Float64Array(labels.length)).baseRate).toBe(
      values.length === 0 ? null : values[0],
    );
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

  test.each([0, -0.1, 1.1, NaN])('a share of %d is refused', (share) => {
    expect(() => ranked(Uint8Array.from([0, 1]), scores, { share })).toThrow(/share is/);
    expect(() => ranked(Uint8Array.from([0, 1]), scores, { recall: share })).toThrow(/recall is/);
  });

  test('an unknown label is refused by its row', () => {
    expect(() => areaUnderRoc(Float32Array.from([1, NaN]), scores)).toThrow(/label of row 2 is NaN/);
  });

  test('a raw score is refused where a probability is needed', () => {
    expect(() => brierScore(Uint8Array.from([0, 1]), Float64Array.from([0.5, 1.5]))).toThrow(/row 2 is 1.5/);
  });

  test('columns of different lengths are a fault', () => {
    expect(() => areaUnderRoc(Uint8Array.from([0]), scores)).toThrow(/columns differ in length/);
  });
});
