/** Logistic regression on a feature matrix: the baseline that a model must beat, and a learner of its own. */
import { fitLogistic, type LogisticFit } from '../../domain/index.ts';
import { groupDigits, HoldfastError } from '../../kernel/index.ts';
import type { FeatureMatrix } from '../learner.ts';
import { checkMatrix } from '../matrix.ts';
import { fillTerms, type LogisticTerm, termsOf } from './terms.ts';

export interface LogisticTask {
  readonly features: FeatureMatrix;
  /** Indexes of columns that hold category codes. */
  readonly categorical: readonly number[];
  /** Rows to fit on. */
  readonly trainRows: Uint32Array;
  /** 0 or 1 for each row of `features`; only those of `trainRows` are read. */
  readonly labels: Float32Array;
  /** Cases that each row of `features` stands for; without it 1. */
  readonly weights?: Float32Array;
  /** Half of it times the squared standardised coefficients is added to the loss; default 1. */
  readonly l2?: number;
  /** Called again and again; what it throws ends the search. */
  readonly onBlock?: () => void;
}

/** A fitted regression. Coefficients are those of the standardised terms. */
export interface LogisticModel {
  readonly columns: number;
  readonly intercept: number;
  /** False where the search ended before it found the best coefficients: do not rely on them. */
  readonly converged: boolean;
  readonly terms: readonly (LogisticTerm & { readonly coefficient: number })[];
}

/** The search starts from a fit on about so many evenly spaced rows. */
const FIRST_ROWS = 100_000;
/** Log-odds that no finite optimum gives to a category, or to a standard deviation of a value. */
const LOG_ODDS_MOST = 20;
/** Rows that predictions are computed for at a time. */
const BLOCK_ROWS = 1024;

/**
 * Fits by penalised maximum likelihood on standardised terms (as scikit-learn's `LogisticRegression`
 * with C = 1 / l2 does after its imputer of means, its indicators and its scaler).
 *
 * @throws HF505 where the rows are of one class, HF504 for a matrix that is not what its shape says.
 */
export function fitLogisticRegression(task: LogisticTask): LogisticModel {
  const { features, trainRows, labels, weights, l2 = 1, onBlock } = task;
  checkMatrix(features);
  const positives = trainRows.reduce((sum, row) => sum + (labels[row] as number), 0);
  if (positives === 0 || positives === trainRows.length) {
    throw new HoldfastError('HF505', {
      message: `of ${groupDigits(trainRows.length)} rows to fit a logistic regression on, ${groupDigits(positives)} are positive`,
      hint: 'both outcomes must occur: deliver more data, or change the split of the pack',
    });
  }
  const terms = termsOf(features, trainRows, new Set(task.categorical));
  const fit = (rows: Uint32Array, start?: LogisticFit): LogisticFit => {
    const cases =
      weights === undefined ? undefined : Float64Array.from(rows, (row) => weights[row] as number);
    return fitLogistic({
      rows: rows.length,
      columns: terms.length,
      fill: (from, count, block) => {
        onBlock?.();
        fillTerms(features, terms, rows.subarray(from, from + count), block);
      },
      hits: Float64Array.from(rows, (row, place) => (labels[row] as number) * (cases?.[place] ?? 1)),
      ...(cases === undefined ? {} : { weights: cases }),
      l2: (l2 * rows.length) / trainRows.length,
      tolerance: 1e-8,
      ...(start === undefined ? {} : { start: [start.intercept, ...start.coefficients] }),
    });
  };
  const stride = Math.ceil(trainRows.length / FIRST_ROWS);
  const first = stride === 1 ? undefined : fit(trainRows.filter((_, place) => place % stride === 0));
  const { intercept, coefficients, converged } = fit(
    trainRows,
    first?.converged === true ? first : undefined,
  );
  return {
    columns: features.columns,
    intercept,
    converged: converged && !terms.some((term, index) => runsAway(term, coefficients[index] as number)),
    terms: terms.map((term, index) => ({ ...term, coefficient: coefficients[index] as number })),
  };
}

/**
 * Whether a term tells classes apart by itself: without a penalty its coefficient grows without end, and the
 * search ends only where probabilities can be told from 0 and 1 no more.
 */
const runsAway = ({ reads, scale }: LogisticTerm, coefficient: number): boolean =>
  Math.abs(reads === 'value' ? coefficient : coefficient / scale) > LOG_ODDS_MOST;

/**
 * Log-odds of all rows of a matrix, or of the given ones.
 *
 * @throws HF504 for a matrix with other columns than the model was fitted on.
 */
export function predictLogistic(
  model: LogisticModel,
  features: FeatureMatrix,
  rows: Uint32Array = Uint32Array.from({ length: features.rows }, (_, row) => row),
): Float64Array {
  checkMatrix(features, model.columns);
  const result = new Float64Array(rows.length).fill(model.intercept);
  forEachTerm(model, features, rows, (place, _, value) => {
    result[place] = (result[place] as number) + value;
  });
  return result;
}

/**
 * What each feature gives to the log-odds of all rows of a matrix, row after row: `columns + 1` numbers, the
 * intercept last. A feature gives coefficient times (value - mean of the training rows), which for a sum of
 * terms is its Shapley value exactly (Lundberg and Lee 2017, linear models).
 *
 * @throws HF504 for a matrix with other columns than the model was fitted on.
 */
export function explainLogistic(model: LogisticModel, features: FeatureMatrix): Float64Array {
  checkMatrix(features, model.columns);
  const width = model.columns + 1;
  const result = new Float64Array(features.rows * width);
  for (let row = 0; row < features.rows; row += 1) result[row * width + model.columns] = model.intercept;
  const rows = Uint32Array.from({ length: features.rows }, (_, row) => row);
  forEachTerm(model, features, rows, (place, column, value) => {
    const index = place * width + column;
    result[index] = (result[index] as number) + value;
  });
  return result;
}

/** Calls `add` with what each term gives to each row, in an order that does not depend on the other rows. */
function forEachTerm(
  { terms }: LogisticModel,
  features: FeatureMatrix,
  rows: Uint32Array,
  add: (place: number, column: number, value: number) => void,
): void {
  const block = new Float64Array(Math.min(BLOCK_ROWS, rows.length) * terms.length);
  for (let from = 0; from < rows.length; from += BLOCK_ROWS) {
    const some = rows.subarray(from, from + BLOCK_ROWS);
    fillTerms(features, terms, some, block);
    terms.forEach(({ coefficient, column }, index) => {
      for (let place = 0; place < some.length; place += 1)
        add(from + place, column, coefficient * (block[index * some.length + place] as number));
    });
  }
}
