/** Contributions by the learner itself, for models that the kernel is not made for. */
import type { FeatureMatrix, Learner, LoadedModel } from '../learner.ts';
import { sharedMatrix } from '../matrix.ts';
import type { Contributions, Explainer } from './explainer.ts';
import { checkRows } from './row-indexes.ts';

/**
 * Opens a learner of the explainer's own, which is disposed with it. `precision` is what the learner computes
 * contributions in.
 *
 * @throws HF501 when its library is missing; HF503 when the text is not a usable model of it.
 */
export async function openLibraryExplainer(
  modelText: string,
  open: () => Promise<Learner>,
  precision: Explainer['precision'],
): Promise<Explainer> {
  const learner = await open();
  try {
    return new LibraryExplainer(learner, await learner.load(modelText), precision);
  } catch (error) {
    await learner[Symbol.asyncDispose]();
    throw error;
  }
}

class LibraryExplainer implements Explainer {
  readonly method = 'library';
  readonly precision: Explainer['precision'];
  readonly features: number;
  readonly #learner: Learner;
  readonly #model: LoadedModel;

  constructor(learner: Learner, model: LoadedModel, precision: Explainer['precision']) {
    this.precision = precision;
    this.features = model.features;
    this.#learner = learner;
    this.#model = model;
  }

  async contributions(matrix: FeatureMatrix, rows?: Uint32Array): Promise<Contributions> {
    const chosen = rows === undefined ? matrix : selectRows(matrix, rows);
    const values = await this.#model.predictContributions(chosen);
    return { rows: chosen.rows, columns: this.features + 1, values };
  }

  contributionsOfRow(values: Float64Array): Promise<Float64Array> {
    return this.#model.predictContributions({ rows: 1, columns: values.length, data: values });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#learner[Symbol.asyncDispose]();
  }
}

function selectRows(matrix: FeatureMatrix, rows: Uint32Array): FeatureMatrix {
  checkRows(rows, matrix);
  const selected = sharedMatrix(rows.length, matrix.columns);
  for (let column = 0; column < matrix.columns; column++) {
    rows.forEach((row, place) => {
      selected.data[column * rows.length + place] = matrix.data[column * matrix.rows + row] as number;
    });
  }
  return selected;
}
