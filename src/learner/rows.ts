/**
 * A loaded model in the calling thread, for what cannot wait for a worker: one row, or a few. Each learner makes
 * its own in a `rows.ts`; the numbers are those of its worker, to the bit.
 */
import { HoldfastError } from '../kernel/index.ts';
import type { BackendModel } from './backend.ts';
import type { FeatureMatrix } from './learner.ts';
import { checkMatrix } from './matrix.ts';

/** Predicts in the calling thread, with one thread; the caller disposes it. */
export interface RowPredictor extends Disposable {
  readonly features: number;
  /** 0 for a model without trees. */
  readonly trees: number;
  /** Raw score (log-odds before calibration) of a row: a value a feature, NaN for missing. HF504 for another shape. */
  predictRaw(row: Float64Array): number;
  /** Raw scores of the rows of a matrix; blocks the thread for as long as it takes. HF504 for another shape. */
  predictRows(matrix: FeatureMatrix): Float64Array;
}

/** What the calling thread asks of a model: raw scores, and what each feature gave to them. */
export interface Rows extends RowPredictor {
  /** One contribution a feature and the base, as the library computes them. HF504 for another shape. */
  contributionsOfRow(row: Float64Array): Float64Array;
}

/** A model as its worker would have it; `predictRow`, where it is given, is a quicker way to one raw score. */
export function rowsOf(model: BackendModel, predictRow?: (row: Float64Array) => number): Rows {
  const { features, trees } = model;
  const oneRow = (row: Float64Array): FeatureMatrix => ({ rows: 1, columns: row.length, data: row });
  return {
    features,
    trees,
    predictRaw(row) {
      // Native code would read past the end.
      if (row.length !== features) throw wrongWidth(features, row.length);
      return predictRow === undefined ? (model.predict('raw', oneRow(row), 1)[0] as number) : predictRow(row);
    },
    predictRows(matrix) {
      checkMatrix(matrix, features);
      return model.predict('raw', matrix, 1);
    },
    contributionsOfRow(row) {
      checkMatrix(oneRow(row), features);
      return model.predict('contributions', oneRow(row), 1);
    },
    [Symbol.dispose]: () => {
      model[Symbol.dispose]();
    },
  };
}

const wrongWidth = (features: number, given: number): HoldfastError =>
  new HoldfastError('HF504', {
    message: `the model was trained on ${String(features)} features and got a row of ${String(given)}`,
    hint: 'give a value a feature of the feature contract, NaN where it is missing',
  });
