/** From scores of a weighted learner to probabilities that mean what they say, and how that is told. */
import { describe, expect, test } from 'vitest';

import {
  applyCalibrator,
  chooseCalibrator,
  evaluateBinary,
  priorCorrected,
  shiftToMean,
} from '../../src/domain/index.ts';
import { generator } from './python-reference.ts';

/** Positives count so often in training. */
const WEIGHT = 30;
const ROWS = 60_000;

interface Drawn {
  readonly rawScores: Float64Array;
  readonly labels: Uint8Array;
  readonly entities: Uint32Array;
}

/** Outcomes, and what a learner says that is too sure of itself; `drift` moves all true log-odds. */
function draw(seed: number, drift: number): Drawn {
  const uniform = generator(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const truths = Float64Array.from({ length: ROWS }, () => 1.2 * normal() - 4);
  return {
    rawScores: truths.map((truth) => 1.4 * truth + 1.6 + Math.log(WEIGHT) + 0.05 * truth ** 2),
    labels: Uint8Array.from(truths, (truth) => (uniform() < 1 / (1 + Math.exp(-truth - drift)) ? 1 : 0)),
    entities: Uint32Array.from(truths, (_, row) => row >> 1),
  };
}

describe('a calibrator from one time on rows of another', () => {
  const before = draw(1, 0);
  const after = draw(2, 0.25);
  const { labels, rawScores } = after;
  const probabilities = applyCalibrator(chooseCalibrator(before).calibrator, rawScores);
  const told = (values: Float64Array, name: string): number =>
    evaluateBinary({ labels, rawScores, probabilities: values }).metrics[name]?.value as number;
  const baseRate = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  const shifted = shiftToMean(probabilities, baseRate);

  test('is off by the shift of the base rate, which one constant tells', () => {
    expect(told(probabilities, 'calibration_in_the_large')).toBeCloseTo(0.25, 1);
    expect(shifted.constant).toBeCloseTo(told(probabilities, 'calibration_in_the_large'), 9);
    expect(told(shifted.probabilities, 'calibration_in_the_large')).toBeCloseTo(0, 9);
  });

  test('is right after that constant', () => {
    expect(told(shifted.probabilities, 'calibration_error')).toBeLessThan(0.003);
    expect(Math.abs(told(shifted.probabilities, 'calibration_slope') - 1)).toBeLessThan(0.1);
  });

  test('is nearer to the outcomes than the score with the weight of positives taken back', () => {
    expect(told(probabilities, 'brier')).toBeLessThan(told(priorCorrected(rawScores, WEIGHT), 'brier'));
  });
});
