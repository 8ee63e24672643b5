/** What a learner is in its own thread: the other side of the port of `learner.ts`. */
import { HoldfastError } from '../kernel/index.ts';
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

/** What `load` gives; where the library itself refuses a text that was found in order, HF503 with its words. */
export function loadedBy<T>(load: () => T): T {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof HoldfastError) || error.code !== 'HF502') throw error;
    throw new HoldfastError('HF503', {
      message: `the text is not a model that the library takes: ${error.message}`,
      hint: 'restore the model folder from a copy, or train again',
      cause: error,
    });
  }
}
