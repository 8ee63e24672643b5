/** LightGBM as its worker has it: models are read strictly before the library sees them. */
import type { FeatureMatrix, TrainingResult, TrainingTask } from '../learner.ts';
import {
  type Backend,
  type BackendModel,
  loadedBy,
  type Prediction,
  type TrainingSurroundings,
} from '../backend.ts';
import type { Booster, LightGbm } from './lightgbm.ts';
import { parseModelText } from './model-text.ts';

type Train = (library: LightGbm, task: TrainingTask, surroundings: TrainingSurroundings) => TrainingResult;

/** A backend on the loaded library that trains in its own way; every sum of trees is loaded alike. */
export function lightGbmBackend(library: LightGbm, train: Train): Backend {
  return {
    train: (task, surroundings) => train(library, task, surroundings),
    load: (modelText) => {
      const { features, trees } = parseModelText(modelText);
      return new LightGbmBackendModel(
        loadedBy(() => library.loadBooster(modelText)),
        features,
        trees.length,
      );
    },
  };
}

class LightGbmBackendModel implements BackendModel {
  readonly features: number;
  readonly trees: number;
  readonly #booster: Booster;

  constructor(booster: Booster, features: number, trees: number) {
    this.#booster = booster;
    this.features = features;
    this.trees = trees;
  }

  predict(what: Prediction, matrix: FeatureMatrix, threads: number): Float64Array {
    return this.#booster.predict(what, matrix, threads);
  }

  [Symbol.dispose](): void {
    this.#booster[Symbol.dispose]();
  }
}
