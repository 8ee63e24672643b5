/** Choice of a calibrator by cross-fitting: each is judged on entities that it was not fitted on. */
import {
  applyCalibrator,
  CALIBRATION_METHODS,
  type CalibrationMethod,
  type Calibrator,
  type CalibratorFit,
  fitCalibrator,
} from './calibrator.ts';
import { assertSameLength, countPositives, type Labels } from './columns.ts';
import { inside } from './log-odds.ts';
import { assertCount } from './options.ts';
import { hashOfNumbers } from './random.ts';

/** The calibrator taken, fitted on all rows, and what the choice rests on. */
export interface CalibratorChoice {
  readonly calibrator: Calibrator;
  readonly rows: number;
  readonly positives: number;
  readonly folds: number;
  /** Mean log loss of each method on the entities left out; empty where there were fewer than two folds. */
  readonly logLoss: Readonly<Partial<Record<CalibrationMethod, number>>>;
  /** Methods that were not chosen from, since the search for one did not end in a fold or on all rows. */
  readonly notConverged: readonly CalibrationMethod[];
}

/** Log losses count as equal when they differ by no more than this part; then the simpler one is taken. */
const EQUAL_PART = 1e-4;

/**
 * Fits every method and takes the one with the least log loss in K-fold cross-fitting, folds by entity.
 * Where there are not two folds to make, it is the simplest. A method whose search did not end, on all rows or in
 * a fold, is left out; isotonic regression always ends. Throws what `fitCalibrator` throws.
 */
export function chooseCalibrator(
  {
    rawScores,
    labels,
    entities,
  }: { readonly rawScores: Float64Array; readonly labels: Labels; readonly entities: Uint32Array },
  { folds = 5, seed = 1 }: { readonly folds?: number; readonly seed?: number } = {},
): CalibratorChoice {
  assertSameLength({ rawScores, labels, entities });
  assertCount(folds, 'folds', 2);
  const foldOf = Uint32Array.from(entities, (entity) => hashOfNumbers(seed, entity) % folds);
  const used = [...new Set(foldOf)];
  const fitted = CALIBRATION_METHODS.map((method) => {
    const fit = fitCalibrator(method, rawScores, labels);
    const judged = used.length < 2 ? undefined : crossFitted(method, rawScores, labels, foldOf, used);
    return { method, fit, loss: judged?.loss, converged: fit.converged && judged?.converged !== false };
  });
  return {
    calibrator: leastLoss(fitted),
    rows: labels.length,
    positives: countPositives(labels),
    folds: used.length,
    logLoss: Object.fromEntries(
      fitted.flatMap(({ method, loss, converged }) =>
        loss === undefined || !converged ? [] : [[method, loss]],
      ),
    ),
    notConverged: fitted.filter(({ converged }) => !converged).map(({ method }) => method),
  };
}

/** The first of the methods that none of the others is better than by more than the equal part. */
function leastLoss(
  fitted: readonly {
    readonly fit: CalibratorFit;
    readonly loss: number | undefined;
    readonly converged: boolean;
  }[],
): Calibrator {
  const usable = fitted.filter(({ converged }) => converged);
  const best = usable.reduce((taken, other) =>
    (other.loss ?? 0) < (taken.loss ?? 0) * (1 - EQUAL_PART) ? other : taken,
  );
  return best.fit.calibrator;
}

/** Mean log loss of all rows, each calibrated by a fit on the other folds, and whether all of these ended. */
function crossFitted(
  method: CalibrationMethod,
  scores: Float64Array,
  labels: Labels,
  foldOf: Uint32Array,
  folds: readonly number[],
): { readonly loss: number; readonly converged: boolean } {
  let loss = 0;
  let allConverged = true;
  for (const fold of folds) {
    const rest = rowsWhere(foldOf, (other) => other !== fold);
    const held = rowsWhere(foldOf, (other) => other === fold);
    const { calibrator, converged } = fitCalibrator(method, take(scores, rest), takeLabels(labels, rest));
    allConverged &&= converged;
    const probabilities = applyCalibrator(calibrator, take(scores, held));
    held.forEach((row, index) => {
      const probability = inside(probabilities[index] as number);
      loss -= labels[row] === 1 ? Math.log(probability) : Math.log1p(-probability);
    });
  }
  return { loss: loss / labels.length, converged: allConverged };
}

function rowsWhere(foldOf: Uint32Array, wanted: (fold: number) => boolean): Uint32Array {
  const rows = new Uint32Array(foldOf.length);
  let count = 0;
  for (let row = 0; row < foldOf.length; row += 1) {
    if (!wanted(foldOf[row] as number)) continue;
    rows[count] = row;
    count += 1;
  }
  return rows.slice(0, count);
}

const take = (column: Float64Array, rows: Uint32Array): Float64Array =>
  Float64Array.from(rows, (row) => column[row] as number);

const takeLabels = (labels: Labels, rows: Uint32Array): Uint8Array =>
  Uint8Array.from(rows, (row) => labels[row] as number);
