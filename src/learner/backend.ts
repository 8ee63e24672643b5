/** What a learner is in its own thread: the other side of the port of `learner.ts`. */
import type { FeatureMatrix, TrainingResult, TrainingTask, TrainProgress } from './learner.ts';

/** What is predicted of each row: its raw score, or what each feature gave to it and the base. */
export type Prediction = 'raw' | 'contributions';

/** What a training run needs from around it. */
export interface TrainingSurroundings {
  readonly threads: number;
  readonly onProgress: TrainProgress;
  /** Asked before each round; true ends the run with HF930. */
  readonly isCancelled: () => boolean;
}

/** A loaded model as the worker has it. */
export interface BackendModel extends Disposable {
  readonly features: number;
  readonly trees: number;
  /** Row after row: one raw score, or one contribution a feature and the base. */
  predict(what: Prediction, matrix: FeatureMatrix, threads: number): Float64Array;
}

/** A learner as its worker has it: every call is synchronous and takes as long as the work takes. */
export interface Backend {
  train(task: TrainingTask, surroundings: TrainingSurroundings): TrainingResult;
  /** @throws HF503 when the text is not a usable model. */
  load(modelText: string): BackendModel;
}
