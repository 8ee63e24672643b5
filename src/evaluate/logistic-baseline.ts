/** A logistic regression on the same features and rows as the model: what trees must beat. */
import { fitLogistic } from '../domain/index.ts';
import type { FeatureMatrix } from '../learner/index.ts';
import type { FeatureEncoding } from '../model/index.ts';

/** Writes rows of the design to a block: column after column. */
type Fill = (from: number, count: number, block: Float64Array) => void;

/** One column of the design, as a function of the value in the matrix. */
interface DesignColumn {
  readonly feature: number;
  readonly of: (value: number) => number;
}

/** Penalty on standardised coefficients: only there so that columns that follow from others do no harm. */
const RIDGE = 1;
/** More training rows hardly move so few coefficients: they are thinned evenly to about this many. */
const TRAIN_ROWS_AT_MOST = 400_000;

/**
 * Log-odds on `rows`, of a regression fitted on `trainRows` (ascending indexes of the matrix). Numbers are
 * standardised by the training rows and cut at five standard deviations, because one customer's outlier must not
 * decide for all; a missing one counts as the mean, with a column that says so; categories have a column each.
 */
export function logisticBaseline(parts: {
  readonly matrix: FeatureMatrix;
  readonly encoding: FeatureEncoding;
  readonly labels: Float32Array;
  readonly trainRows: Uint32Array;
  readonly rows: Uint32Array;
}): Float64Array {
  const { matrix, encoding, labels } = parts;
  const step = Math.max(1, Math.ceil(parts.trainRows.length / TRAIN_ROWS_AT_MOST));
  const trainRows = parts.trainRows.filter((_, position) => position % step === 0);
  const columns = designColumns(matrix, encoding, trainRows);
  const fit = fitLogistic({
    rows: trainRows.length,
    columns: columns.length,
    fill: filler(matrix, columns, trainRows),
    hits: Float64Array.from(trainRows, (row) => labels[row] as number),
    l2: RIDGE,
    tolerance: 1e-6,
  });
  const scores = new Float64Array(parts.rows.length).fill(fit.intercept);
  const block = new Float64Array(parts.rows.length);
  for (const [index, column] of columns.entries()) {
    filler(matrix, [column], parts.rows)(0, parts.rows.length, block);
    const coefficient = fit.coefficients[index] as number;
    for (let row = 0; row < scores.length; row += 1)
      scores[row] = (scores[row] as number) + coefficient * (block[row] as number);
  }
  return scores;
}

function designColumns(
  matrix: FeatureMatrix,
  encoding: FeatureEncoding,
  trainRows: Uint32Array,
): DesignColumn[] {
  return encoding.features.flatMap(({ type, categories }, feature): DesignColumn[] => {
    const missing = { feature, of: (value: number) => (Number.isNaN(value) ? 1 : 0) };
    const { mean, deviation, hasMissing } = momentsOf(matrix, feature, trainRows);
    if (type === 'categorical')
      return categories.map((_, code) => ({ feature, of: (value) => (value === code ? 1 : 0) }));
    const standard = (value: number): number =>
      Number.isNaN(value) ? 0 : Math.min(5, Math.max(-5, (value - mean) / deviation));
    return [...(deviation > 0 ? [{ feature, of: standard }] : []), ...(hasMissing ? [missing] : [])];
  });
}

function momentsOf(
  matrix: FeatureMatrix,
  feature: number,
  rows: Uint32Array,
): { mean: number; deviation: number; hasMissing: boolean } {
  const from = feature * matrix.rows;
  let count = 0;
  let sum = 0;
  for (const row of rows) {
    const value = matrix.data[from + row] as number;
    if (Number.isNaN(value)) continue;
    count += 1;
    sum += value;
  }
  const mean = count === 0 ? 0 : sum / count;
  let squares = 0;
  for (const row of rows) {
    const value = matrix.data[from + row] as number;
    if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  }
  return { mean, deviation: count === 0 ? 0 : Math.sqrt(squares / count), hasMissing: count < rows.length };
}

function filler(matrix: FeatureMatrix, columns: readonly DesignColumn[], rows: Uint32Array): Fill {
  return (from, count, block) => {
    for (const [index, { feature, of }] of columns.entries()) {
      const values = feature * matrix.rows;
      for (let row = 0; row < count; row += 1)
        block[index * count + row] = of(matrix.data[values + (rows[from + row] as number)] as number);
    }
  };
}
