/** Logistic regression on a feature matrix: the baseline that a model must beat. */
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
  /** Half of it times the squared standardised coefficients is added to the loss; default 1. */
  readonly l2?: number;
}

/** A fitted regression. Coefficients are those of the standardised terms. */
export interface LogisticModel {
  readonly columns: number;
  readonly intercept: number;
  /** False where the search for the coefficients did not end: they are no fit to go by. */
  readonly converged: boolean;
  readonly terms: readonly (LogisticTerm & { readonly coefficient: number })[];
}

/** The search starts from a fit on about so many evenly spaced rows. */
const FIRST_ROWS = 100_000;
/** Rows that predictions are computed for at a time. */
const BLOCK_ROWS = 1024;

/**
 * Fits by penalised maximum likelihood on standardised terms (as scikit-learn's `LogisticRegression`
 * with C = 1 / l2 does after its imputer of means, its indicators and its scaler).
 *
 * @throws HF505 where the rows are of one class, HF504 for a matrix that is not what its shape says.
 */
export function fitLogisticRegression(task: LogisticTask): LogisticModel {
  const { features, trainRows, labels, l2 = 1 } = task;
  checkMatrix(features);
  const hits = Float64Array.from(trainRows, (row) => labels[row] as number);
  const positives = hits.reduce((sum, label) => sum + label, 0);
  if (positives === 0 || positives === hits.length) {
    throw new HoldfastError('HF505', {
      message: `of ${groupDigits(hits.length)} rows to fit a logistic regression on, ${groupDigits(positives)} are positive`,
      hint: 'both outcomes must occur: deliver more data, or change the split of the pack',
    });
  }
  const terms = termsOf(features, trainRows, new Set(task.categorical));
  const fit = (rows: Uint32Array, targets: Float64Array, start?: LogisticFit): LogisticFit =>
    fitLogistic({
      rows: rows.length,
      columns: terms.length,
      fill: (from, count, block) => {
        fillTerms(features, terms, rows.subarray(from, from + count), block);
      },
      hits: targets,
      l2: (l2 * rows.length) / trainRows.length,
      tolerance: 1e-8,
      ...(start === undefined ? {} : { start: [start.intercept, ...start.coefficients] }),
    });
  const stride = Math.ceil(trainRows.length / FIRST_ROWS);
  const first =
    stride === 1
      ? undefined
      : fit(
          trainRows.filter((_, place) => place % stride === 0),
          hits.filter((_, place) => place % stride === 0),
        );
  const { intercept, coefficients, converged } = fit(
    trainRows,
    hits,
    first?.converged === true ? first : undefined,
  );
  return {
    columns: features.columns,
    intercept,
    converged,
    terms: terms.map((term, index) => ({ ...term, coefficient: coefficients[index] as number })),
  };
}

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
  const { terms } = model;
  const result = new Float64Array(rows.length).fill(model.intercept);
  const block = new Float64Array(BLOCK_ROWS * terms.length);
  for (let from = 0; from < rows.length; from += BLOCK_ROWS) {
    const some = rows.subarray(from, from + BLOCK_ROWS);
    fillTerms(features, terms, some, block);
    terms.forEach(({ coefficient }, index) => {
      for (let place = 0; place < some.length; place += 1) {
        const value = block[index * some.length + place] as number;
        result[from + place] = (result[from + place] as number) + coefficient * value;
      }
    });
  }
  return result;
}
