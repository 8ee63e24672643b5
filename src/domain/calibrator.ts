/**
 * Calibrators: functions from a raw score (log-odds of an uncalibrated model) to the probability that
 * it means. All are non-decreasing and stay strictly between 0 and 1.
 */
import { assertLabels, assertNumbers, assertSameLength, countPositives, type Labels } from './columns.ts';
import { applyIsotonic, fitIsotonicCalibrator, type IsotonicKnots } from './isotonic.ts';
import { inside, probabilityOf, softPlus } from './log-odds.ts';
import { fitLogistic } from './logistic.ts';
import { HoldfastError } from '../kernel/index.ts';

/** A fitted calibrator, as it is stored. */
export type Calibrator =
  | { readonly method: 'isotonic'; readonly knots: IsotonicKnots }
  /** Log-odds `slope` s + `intercept` of a score s; the slope is never negative. */
  | { readonly method: 'platt'; readonly slope: number; readonly intercept: number }
  /** Log-odds `a` ln q - `b` ln(1 - q) + `c` for q = 1 / (1 + e^-s); a and b are never negative. */
  | { readonly method: 'beta'; readonly a: number; readonly b: number; readonly c: number };

export type CalibrationMethod = Calibrator['method'];

/** The methods, the simplest first. */
export const CALIBRATION_METHODS = [
  'platt',
  'beta',
  'isotonic',
] as const satisfies readonly CalibrationMethod[];

/** A calibrator, and whether the search for it ended; one whose search did not is not to be used. */
export interface CalibratorFit {
  readonly calibrator: Calibrator;
  readonly converged: boolean;
}

/** Fits one method. Throws HF207 for no rows, scores that are not finite and labels not 0 or 1. */
export function fitCalibrator(
  method: CalibrationMethod,
  scores: Float64Array,
  labels: Labels,
): CalibratorFit {
  assertSameLength({ scores, labels });
  assertNumbers(scores, 'score', { finite: true });
  assertLabels(labels);
  if (scores.length === 0) {
    throw new HoldfastError('HF207', {
      message: 'there are no rows to fit a calibration on',
      hint: 'Give the calibration half of the validation split at least one labelled row.',
    });
  }
  // Isotonic regression is no search: it ends by itself.
  if (method === 'isotonic')
    return { calibrator: { method, knots: fitIsotonicCalibrator(scores, labels) }, converged: true };
  return method === 'platt' ? fitPlatt(scores, labels) : fitBeta(scores, labels);
}

/** The probability of each score. Throws HF207 for NaN, and for infinity except with `isotonic`. */
export function applyCalibrator(calibrator: Calibrator, scores: Float64Array): Float64Array {
  if (calibrator.method === 'isotonic') return applyIsotonic(calibrator.knots, scores).map(inside);
  assertNumbers(scores, 'score', { finite: true });
  if (calibrator.method === 'platt') {
    const { slope, intercept } = calibrator;
    return scores.map((score) => probabilityOf(slope * score + intercept));
  }
  const { a, b, c } = calibrator;
  return scores.map((score) => probabilityOf(b * softPlus(score) - a * softPlus(-score) + c));
}

/**
 * Platt (1999): a logistic regression on the score. Its targets are smoothed as he has them, positives
 * (n+ + 1) / (n+ + 2) and negatives 1 / (n- + 2), so that it ends for classes that the score separates
 * too. A falling line is replaced by a constant.
 */
function fitPlatt(scores: Float64Array, labels: Labels): CalibratorFit {
  const { parameters, converged } = fitNonNegative([scores], smoothed(labels));
  const [intercept = 0, slope = 0] = parameters;
  return { calibrator: { method: 'platt', slope, intercept }, converged };
}

/**
 * Beta calibration (Kull, Silva Filho and Flach 2017): a logistic regression on ln q and -ln(1 - q)
 * for the model's own probability q, with the targets of `fitPlatt`. A column that would get a negative
 * coefficient is left out, as the paper has it.
 */
function fitBeta(scores: Float64Array, labels: Labels): CalibratorFit {
  const columns = [scores.map((score) => -softPlus(-score)), scores.map(softPlus)];
  const { parameters, converged } = fitNonNegative(columns, smoothed(labels));
  const [c = 0, a = 0, b = 0] = parameters;
  return { calibrator: { method: 'beta', a, b, c }, converged };
}

function smoothed(labels: Labels): Float64Array {
  const positives = countPositives(labels);
  const ofPositive = (positives + 1) / (positives + 2);
  const ofNegative = 1 / (labels.length - positives + 2);
  return Float64Array.from(labels, (label) => (label === 1 ? ofPositive : ofNegative));
}

/**
 * Intercept and coefficients of the logistic regression on the columns; columns with a negative
 * coefficient are left out until none is left, and have the coefficient 0.
 */
function fitNonNegative(
  columns: readonly Float64Array[],
  targets: Float64Array,
  used: readonly number[] = columns.map((_, column) => column),
): { readonly parameters: readonly number[]; readonly converged: boolean } {
  const { intercept, coefficients, converged } = fitLogistic({
    rows: targets.length,
    columns: used.length,
    fill: (from, count, block) => {
      used.forEach((column, index) => {
        block.set((columns[column] as Float64Array).subarray(from, from + count), index * count);
      });
    },
    hits: targets,
  });
  const kept = used.filter((_, index) => (coefficients[index] as number) >= 0);
  // A search that ran away to infinity says nothing of a sign.
  if (coefficients.every(Number.isFinite) && kept.length < used.length)
    return fitNonNegative(columns, targets, kept);
  return {
    parameters: [intercept, ...columns.map((_, column) => coefficients[used.indexOf(column)] ?? 0)],
    converged,
  };
}
