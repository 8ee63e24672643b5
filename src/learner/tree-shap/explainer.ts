import type { FeatureMatrix } from '../learner.ts';

/** Shapley values of rows, in the unit of the raw score (log-odds before calibration). */
export interface Contributions {
  readonly rows: number;
  /** Numbers a row: one a feature, then the base, the mean raw score of the training rows. */
  readonly columns: number;
  /** Row after row (unlike a FeatureMatrix). The numbers of a row add up to its raw score. */
  readonly values: Float64Array;
}

/** Says how much each feature gave to the raw score of a row. */
export interface Explainer extends AsyncDisposable {
  readonly features: number;
  /** `library` where the learner computes the numbers: trees the kernel is not made for, and other models. */
  readonly method: 'kernel' | 'library';
  /**
   * What the numbers are computed in. A sum of `single` ones (XGBoost computes in float32) is from the raw
   * score as far as float32 rounds.
   */
  readonly precision: 'double' | 'single';
  /**
   * Contributions to the rows of a matrix, or to those of `rows` in their order. Runs in other threads.
   *
   * @throws HF504 when the matrix does not have the model's features; HF207 for a row outside of it;
   *   HF502 when the explainer is closed.
   */
  contributions(matrix: FeatureMatrix, rows?: Uint32Array): Promise<Contributions>;
  /**
   * Contributions to one row, `features` values with NaN for missing: `features + 1` numbers, the base
   * last. Computed at once, in this thread, in a fraction of a millisecond; only an explainer whose method
   * is `library` answers with a promise.
   *
   * @throws HF504 when there is not one value a feature.
   */
  contributionsOfRow(values: Float64Array): Float64Array | Promise<Float64Array>;
}
