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
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  /** At most so many boosting rounds. */
  readonly rounds: number;
  /** Rounds without improvement of the first metric on the stop rows after which training ends. */
  readonly earlyStoppingRounds: number;
  readonly seed: number;
  /** 0 means as many as the machine has. */
  readonly threads: number;
}

export interface TrainingResult {
  /** The learner's model text, normalised so that equal training gives equal bytes. */
  readonly modelText: string;
  /** Trees kept (the best round, or all without early stopping). */
  readonly trees: number;
  /** Rounds run. */
  readonly rounds: number;
  /** Metric on the stop rows after each round, empty without stop rows. */
  readonly stopMetric: { readonly name: string; readonly values: readonly number[] };
  readonly seconds: number;
  /** Split gain of each feature, summed over the trees. */
  readonly gain: readonly number[];
}

/** A model loaded for prediction. */
export interface LoadedModel extends AsyncDisposable {
  readonly features: number;
  readonly trees: number;
  /** Raw scores (log-odds before calibration), one a row. */
  predictRaw(features: FeatureMatrix): Promise<Float64Array>;
  /**
   * Shapley values as the library itself computes them: for each row, one number a feature and then the
   * base (`features + 1` numbers, row after row). They add up to the raw score. `openExplainer` gives the
   * same, several times faster.
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
