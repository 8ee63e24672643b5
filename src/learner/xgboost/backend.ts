/** XGBoost as its worker has it: models are read strictly before the library sees them. */
import type { FeatureMatrix } from '../learner.ts';
import { type Backend, type BackendModel, loadedBy, type Prediction } from '../backend.ts';
import { parseModelText, type XgboostModel } from './model-text.ts';
import { rowBlock } from './row-block.ts';
import { trainModel } from './training.ts';
import type { Booster, Xgboost } from './xgboost.ts';

/** Rows predicted at a time: their float32 copy stays small, and every row is its own affair. */
const BLOCK_ROWS = 65_536;

export function xgboostBackend(library: Xgboost): Backend {
  return {
    train: (task, surroundings) => trainModel(library, task, surroundings),
    load: (modelText) => {
      const model = parseModelText(modelText);
      return new XgboostBackendModel(
        library,
        loadedBy(() => library.loadBooster(modelText)),
        model,
      );
    },
  };
}

class XgboostBackendModel implements BackendModel {
  readonly features: number;
  readonly trees: number;
  readonly #library: Xgboost;
  readonly #booster: Booster;
  readonly #model: Pick<XgboostModel, 'featureNames' | 'categorical' | 'known'>;

  constructor(library: Xgboost, booster: Booster, { trees, ...model }: XgboostModel) {
    this.features = model.features;
    this.trees = trees.length;
    this.#library = library;
    this.#booster = booster;
    this.#model = model;
  }

  predict(what: Prediction, matrix: FeatureMatrix, threads: number): Float64Array {
    const width = what === 'raw' ? 1 : this.features + 1;
    const values = new Float64Array(matrix.rows * width);
    for (let from = 0; from < matrix.rows; from += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, matrix.rows - from);
      values.set(this.#predictBlock(what, matrix, { from, count }, threads), from * width);
    }
    return values;
  }

  #predictBlock(
    what: Prediction,
    matrix: FeatureMatrix,
    rows: { readonly from: number; readonly count: number },
    threads: number,
  ): Float32Array {
    using block = rowBlock(matrix, rows, this.#model.known);
    if (what === 'raw') return this.#booster.predictMargins(block, threads);
    using data = this.#library.createMatrix(block, this.#model, threads);
    return this.#booster.predictContributions(data, rows.count, this.features, threads);
  }

  [Symbol.dispose](): void {
    this.#booster[Symbol.dispose]();
  }
}
