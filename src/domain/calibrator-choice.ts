/** Choice of a calibrator by cross-fitting: each is judged on entities that it was not fitted on. */
import {
  applyCalibrator,
  CALIBRATION_METHODS,
  type CalibrationMethod,
  type Calibrator,
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
}

/** Log losses count as equal when they differ by no more than this part; then the simpler one is taken. */
const EQUAL_PART = 1e-4;

/**
 * Fits every method and takes the one with the least log loss in K-fold cross-fitting, folds by entity.
 * Where there are not two folds to make, it is the simplest. Throws what `fitCalibrator` throws.
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
  const logLoss =
    used.length < 2
      ? {}
      : Object.fromEntries(
          CALIBRATION_METHODS.map((method) => [method, crossFitted(method, rawScores, labels, foldOf, used)]),
        );
  let [method] = CALIBRATION_METHODS as readonly [CalibrationMethod, ...CalibrationMethod[]];
  for (const other of CALIBRATION_METHODS) {
    if ((logLoss[other] ?? 0) < (logLoss[method] ?? 0) * (1 - EQUAL_PART)) method = other;
  }
  return {
    calibrator: fitCalibrator(method, rawScores, labels),
    rows: labels.length,
    positives: countPositives(labels),
    folds: used.length,
    logLoss,
  };
}

/** Mean log loss of all rows, each calibrated by a fit on the other folds. */
function crossFitted(
  method: CalibrationMethod,
  scores: Float64Array,
  labels: Labels,
  foldOf: Uint32Array,
  folds: readonly number[],
): number {
  let loss = 0;
  for (const fold of folds) {
    const rest = rowsWhere(foldOf, (other) => other !== fold);
    const held = rowsWhere(foldOf, (other) => other === fold);
    const calibrator = fitCalibrator(method, take(scores, rest), takeLabels(labels, rest));
    const probabilities = applyCalibrator(calibrator, take(scores, held));
    held.forEach((row, index) => {
      const probability = inside(probabilities[index] as number);
      loss -= labels[row] === 1 ? Math.log(probability) : Math.log1p(-probability);
    });
  }
  return loss / labels.length;
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
