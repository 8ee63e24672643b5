/** Any learner's models in the calling thread: raw scores and reasons of one row without a worker's round trip. */
import { HoldfastError } from '../kernel/index.ts';
import { openLightGbmRows } from './lightgbm/index.ts';
import { isLogisticText, openLogisticRows } from './logistic-regression/index.ts';
import type { FeatureMatrix } from './learner.ts';
import type { LearnerOptions } from './open-learner.ts';
import type { RowPredictor, Rows } from './rows.ts';
import { openTreeScorer } from './tree-scores/index.ts';
import { type Contributions, type Explainer, openRowKernel } from './tree-shap/index.ts';
import { isXgboostText, openXgboostRows } from './xgboost/index.ts';

type LibraryPaths = Pick<LearnerOptions, 'libraries'>;

/** A model text and the learner that wrote it, as a model folder has them. */
export interface ModelToLoad {
  readonly learner: { readonly name: string };
  readonly modelText: string;
}

const OPENERS: Readonly<Record<string, (modelText: string, options: LibraryPaths) => Promise<Rows>>> = {
  lightgbm: (text, { libraries }) => openLightGbmRows(text, libraries?.lightgbm, openTreeScorer),
  random_forest: (text, { libraries }) => openLightGbmRows(text, libraries?.lightgbm, openTreeScorer),
  xgboost: (text, { libraries }) => openXgboostRows(text, libraries?.xgboost),
  logistic_regression: (text) => openLogisticRows(text),
};

/**
 * Loads a model into the calling thread; the caller disposes it. Its raw scores are those of `LoadedModel`, to the bit.
 *
 * @throws HF501 when there is no such learner, or its native library is missing or not usable; HF503 when the text is
 *   not a usable model.
 */
export async function openRowPredictor(
  { learner, modelText }: ModelToLoad,
  options: LibraryPaths = {},
): Promise<RowPredictor> {
  const open = Object.hasOwn(OPENERS, learner.name) ? OPENERS[learner.name] : undefined;
  if (open === undefined)
    throw new HoldfastError('HF501', {
      message: `there is no learner named '${learner.name}'`,
      hint: `choose one of: ${Object.keys(OPENERS).join(', ')}`,
    });
  return open(modelText, options);
}

/** Says in the calling thread how much each feature gave to the raw score of a row; the caller disposes it. */
export interface RowExplainer extends Disposable, Pick<Explainer, 'features' | 'method' | 'precision'> {
  /** `features + 1` numbers, the base last; they add up to the raw score. HF504 for a row of another length. */
  contributionsOfRow(row: Float64Array): Float64Array;
  /**
   * The same of the rows of a matrix, row after row, in other threads; absent where the library explains. HF502 once it
   * is disposed.
   */
  contributions?(matrix: FeatureMatrix): Promise<Contributions>;
}

/**
 * Opens an explainer of single rows for the model text of any learner: the numbers are those of `openExplainer`, to the
 * bit. Trees of LightGBM take a fraction of a millisecond by our own kernel; where the library explains instead, some
 * milliseconds.
 *
 * @throws HF501 when a library is needed and missing; HF503 when the text is not a usable model.
 */
export async function openRowExplainer(
  modelText: string,
  { libraries }: LibraryPaths = {},
): Promise<RowExplainer> {
  if (isLogisticText(modelText)) return libraryExplainer(await openLogisticRows(modelText), 'double');
  if (isXgboostText(modelText))
    return libraryExplainer(await openXgboostRows(modelText, libraries?.xgboost), 'single');
  const kernel = await openRowKernel(modelText);
  if (kernel === undefined)
    return libraryExplainer(await openLightGbmRows(modelText, libraries?.lightgbm), 'double');
  return {
    features: kernel.features,
    method: kernel.method,
    precision: kernel.precision,
    contributionsOfRow: (row) => kernel.contributionsOfRow(row),
    contributions: (matrix) => kernel.contributions(matrix),
    [Symbol.dispose]: () => {
      void kernel[Symbol.asyncDispose]();
    },
  };
}

function libraryExplainer(rows: Rows, precision: Explainer['precision']): RowExplainer {
  return {
    features: rows.features,
    method: 'library',
    precision,
    contributionsOfRow: (row) => rows.contributionsOfRow(row),
    [Symbol.dispose]: () => {
      rows[Symbol.dispose]();
    },
  };
}
