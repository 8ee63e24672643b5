/** Metrics and calibrators against scikit-learn, scipy and empulse, on the same arrays, to 1e-9. */
import { describe, expect, test } from 'vitest';

import {
  applyCalibrator,
  applyIsotonic,
  betaDistribution,
  type Calibrator,
  evaluateBinary,
  fitCalibrator,
  fitIsotonic,
  metricList,
} from '../../src/domain/index.ts';
import { ask, type Case, CASES, ONE_CLASS, reasonToSkip } from './python-reference.ts';

const THRESHOLD = 0.4;
const CAMPAIGNS = [
  { alpha: 6, beta: 14, clv: 200, offer: 10, contact: 1 },
  { alpha: 2, beta: 3, clv: 480, offer: 60, contact: 6 },
  { alpha: 0.7, beta: 1.3, clv: 50, offer: 0, contact: 0.5 },
] as const;

interface Metrics {
  readonly metrics: Readonly<Record<string, number>>;
  readonly confusion: readonly [number, number, number, number];
}

/** Whether a line can be fitted through labels and log-odds: neither class lies wholly above the other. */
function overlaps({ labels, probabilities }: Case): boolean {
  const of = (wanted: number): number[] => probabilities.filter((_, row) => labels[row] === wanted);
  return Math.max(...of(0)) > Math.min(...of(1)) && Math.max(...of(1)) > Math.min(...of(0));
}

/** Cases on which all coefficients are positive and determined. */
const BETA = ['distinct scores', 'many ties'];
const PLATT = [...BETA, 'one positive in 20,000', 'all positive but one', 'perfect separation', 'two rows'];
const POINTS = Array.from({ length: 99 }, (_, index) => (index + 1) / 100);
const PARAMETERS = [
  [6, 14],
  [7, 14],
  [0.3, 0.2],
  [40, 90],
  [1, 1],
] as const;

const skip = reasonToSkip('sklearn', 'scipy', 'empulse');
const samples = [...CASES, ...ONE_CLASS];
const profitable = CASES.flatMap((one) => CAMPAIGNS.map((campaign) => ({ ...one, campaign })));
const fitted = CASES.filter(({ name }) => PLATT.includes(name));

interface Answers {
  readonly metrics: readonly Metrics[];
  readonly empc: readonly number[];
  /** Without weights, and with them. */
  readonly isotonic: readonly [number[], number[]][];
  readonly calibrators: readonly {
    readonly platt: number[];
    readonly beta: number[] | null;
    readonly beta_loss: number;
  }[];
  readonly beta_distribution: readonly number[][];
}

const NO_ANSWERS: Answers = { metrics: [], empc: [], isotonic: [], calibrators: [], beta_distribution: [] };

const askAll = (): Answers =>
  ask('reference.py', {
    metrics: samples.map((one) => ({ ...one, threshold: THRESHOLD, overlaps: overlaps(one) })),
    empc: profitable,
    isotonic: CASES,
    calibrators: fitted.map((one) => ({ ...one, beta: BETA.includes(one.name) })),
    beta_distribution: PARAMETERS.map(([alpha, beta]) => ({ alpha, beta, x: POINTS })),
  }) as Answers;

function largestDifference(actual: Float64Array | number[], expected: readonly number[]): number {
  expect(actual).toHaveLength(expected.length);
  return expected.reduce(
    (worst, value, row) => Math.max(worst, Math.abs(value - (actual[row] as number))),
    0,
  );
}

const columnsOf = (
  one: Case,
): { labels: Uint8Array; rawScores: Float64Array; probabilities: Float64Array } => ({
  labels: Uint8Array.from(one.labels),
  rawScores: Float64Array.from(one.scores),
  probabilities: Float64Array.from(one.probabilities),
});

describe.skipIf(skip !== null)(`Python's packages agree${skip === null ? '' : ` (skipped: ${skip})`}`, () => {
  const answers = skip === null ? askAll() : NO_ANSWERS;

  test.each(samples.map((one, index) => [one.name, one, index] as const))(
    'on the metrics of %s',
    (_, one, index) => {
      const answer = answers.metrics[index] as Metrics;
      const actual = evaluateBinary(columnsOf(one), { threshold: THRESHOLD });
      const both = one.labels.includes(0) && one.labels.includes(1);
      expect(Object.keys(answer.metrics).length).toBeGreaterThanOrEqual(both ? 10 : 3);
      for (const [name, value] of Object.entries(answer.metrics)) {
        const scale = Math.max(1, Math.abs(value));
        expect([name, (actual.metrics[name]?.value as number) / scale]).toEqual([
          name,
          expect.closeTo(value / scale, 9),
        ]);
      }
      for (const { name } of metricList()) {
        if (!name.includes('_at_top_') && actual.metrics[name]?.value !== null)
          expect(Object.keys(answer.metrics)).toContain(name);
      }
      const { trueNegatives, falsePositives, falseNegatives, truePositives } = actual.decision ?? {};
      expect([trueNegatives, falsePositives, falseNegatives, truePositives]).toEqual(answer.confusion);
    },
  );

  test('on the expected maximum profit of three campaigns on every sample', () => {
    const actual = profitable.map(
      (one) => evaluateBinary(columnsOf(one), { campaign: one.campaign }).metrics['empc']?.value as number,
    );
    expect(largestDifference(actual, answers.empc)).toBeLessThan(1e-9);
  });

  test.each(CASES.map((one, index) => [one.name, one, index] as const))(
    'on the isotonic regression of %s, with weights and without',
    (_, one, index) => {
      const [plain, weighted] = answers.isotonic[index] as [number[], number[]];
      const { labels, rawScores } = columnsOf(one);
      const queries = Float64Array.from(one.queries);
      expect(largestDifference(applyIsotonic(fitIsotonic(rawScores, labels), queries), plain)).toBeLessThan(
        1e-9,
      );
      const fit = fitIsotonic(rawScores, labels, Float64Array.from(one.weights));
      expect(largestDifference(applyIsotonic(fit, queries), weighted)).toBeLessThan(1e-9);
    },
  );

  test.each(fitted.map((one, index) => [one.name, one, index] as const))(
    "on Platt's and the beta calibration of %s",
    (_, one, index) => {
      const { platt, beta, beta_loss: loss } = answers.calibrators[index] as Answers['calibrators'][number];
      const { labels, rawScores } = columnsOf(one);
      const line = fitCalibrator('platt', rawScores, labels).calibrator;
      if (line.method !== 'platt') throw new Error('not what was asked for');
      expect(largestDifference([line.intercept, line.slope], platt)).toBeLessThan(1e-8);
      const curve = fitCalibrator('beta', rawScores, labels).calibrator;
      if (curve.method !== 'beta') throw new Error('not what was asked for');
      if (beta !== null) expect(largestDifference([curve.c, curve.a, curve.b], beta)).toBeLessThan(1e-8);
      expect(smoothedLoss(curve, one)).toBeLessThan(loss + 1e-7);
    },
  );

  test.each(PARAMETERS.map((parameters, index) => [parameters, index] as const))(
    'on the beta distribution %j',
    ([alpha, beta], index) => {
      const actual = POINTS.map(betaDistribution(alpha, beta));
      expect(largestDifference(actual, answers.beta_distribution[index] as number[])).toBeLessThan(1e-13);
    },
  );
});

/** Mean log loss against Platt's smoothed targets, which is what the fit makes least. */
function smoothedLoss(calibrator: Calibrator, { labels, scores }: Case): number {
  const positives = labels.filter((label) => label === 1).length;
  const probabilities = applyCalibrator(calibrator, Float64Array.from(scores));
  const losses = labels.map((label, row) => {
    const target = label === 1 ? (positives + 1) / (positives + 2) : 1 / (labels.length - positives + 2);
    const probability = probabilities[row] as number;
    return -target * Math.log(probability) - (1 - target) * Math.log1p(-probability);
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}
