/**
 * The port to a learner. Matrices are column-major doubles with NaN for missing; categorical
 * columns hold non-negative integer codes. Work runs outside the main thread.
 */

/** A matrix of features: `rows * columns` doubles, column after column. */
export interface FeatureMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

export type ParameterValue = string | number | boolean;

export interface TrainingTask {
  readonly features: FeatureMatrix;
  readonly featureNames: readonly string[];
  /** Indexes of categorical columns. */
  readonly categorical: readonly number[];
  /** Row indexes (ascending) that the trees are grown on. */
  readonly trainRows: Uint32Array;
  /** Row indexes on which early stopping is decided; empty switches it off. */
  readonly stopRows: Uint32Array;
  /** 0 or 1 for each row of `features`; only those of the two index lists are read. */
  readonly labels: Float32Array;
  /** Optional weight for each row of `features`. */
  readonly weights?: Float32Array;
  /** The learner's own parameters, as in its documentation. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** At most so many boosting rounds; the trees of a forest. */
  readonly rounds: number;
  /**
   * Rounds without improvement of the first metric on the stop rows after which training ends; 0 never. Only
   * boosting stops early.
   */
  readonly earlyStoppingRounds: number;
  readonly seed: number;
  /** 0 means as many as the machine has. */
  readonly threads: number;
}

export interface TrainingResult {
  /** The learner's model text, normalised so that equal training gives equal bytes. */
  readonly modelText: string;
  /** Parameters it was trained with: those of the task, and the learner's defaults where it gives none. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** Trees kept (the best round, or all without early stopping); 0 for a model without trees. */
  readonly trees: number;
  /** Rounds run. */
  readonly rounds: number;
  /** Metric on the stop rows after each round; empty without stop rows, and where it decides nothing. */
  readonly stopMetric: { readonly name: string; readonly values: readonly number[] };
  readonly seconds: number;
  /** Split gain of each feature, summed over the trees; a model without trees says its own measure of weight. */
  readonly gain: readonly number[];
  /** False where a search for the best coefficients ended before it found them; absent where nothing is searched. */
  readonly converged?: boolean;
}

/** A model loaded for prediction. */
export interface LoadedModel extends AsyncDisposable {
  readonly features: number;
  readonly trees: number;
  /** Raw scores (log-odds before calibration), one a row. */
  predictRaw(features: FeatureMatrix): Promise<Float64Array>;
  /**
   * Shapley values as the library itself computes them: for each row, one number a feature and then the
   * base (`features + 1` numbers, row after row). They add up to the raw score, as exactly as the library
   * computes. `openExplainer` gives the same, for trees of LightGBM several times faster.
   */
  predictContributions(features: FeatureMatrix): Promise<Float64Array>;
}

export type TrainProgress = (round: number, metric: number | undefined) => void;

export interface Learner extends AsyncDisposable {
  readonly name: string;
  readonly version: string;
  /** An aborted `signal` ends the training after the round it is in, with HF930. */
  train(task: TrainingTask, onProgress?: TrainProgress, signal?: AbortSignal): Promise<TrainingResult>;
  load(modelText: string): Promise<LoadedModel>;
}
