/** Any learner's models in the calling thread: raw scores and reasons of one row without a worker's round trip. */
import { HoldfastError } from '../kernel/index.ts';
import { openLightGbmRows, parseModelText } from './lightgbm/index.ts';
import { isLogisticText, openLogisticRows } from './logistic-regression/index.ts';
import type { FeatureMatrix } from './learner.ts';
import type { LearnerOptions } from './open-learner.ts';
import type { ModelReading, ModelToLoad } from './model-to-load.ts';
import type { RowPredictor, Rows } from './rows.ts';
import { readTrees } from './read-trees.ts';
import { treeScorerOf } from './tree-scores/index.ts';
import {
  type Contributions,
  type Explainer,
  kernelRowsOf,
  openRowKernel,
  type RowKernel,
} from './tree-shap/index.ts';
import { isXgboostText, openXgboostRows } from './xgboost/index.ts';

interface RowOptions extends Pick<LearnerOptions, 'libraries'> {
  /** What `readModel` found in this very text: it is not read again. */
  readonly reading?: ModelReading;
}

type OpenRows = (modelText: string, options: RowOptions) => Promise<Rows>;

const OPENERS: Readonly<Record<string, OpenRows>> = {
  lightgbm: openTrees,
  random_forest: openTrees,
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
  options: RowOptions = {},
): Promise<RowPredictor> {
  return requireLearner(learner.name)(modelText, options);
}

/** How a learner's models are opened. HF501 when there is no such learner. */
export function requireLearner(name: string): OpenRows {
  const open = Object.hasOwn(OPENERS, name) ? OPENERS[name] : undefined;
  if (open !== undefined) return open;
  throw new HoldfastError('HF501', {
    message: `there is no learner named '${name}'`,
    hint: `choose one of: ${Object.keys(OPENERS).join(', ')}`,
  });
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
export async function openRowExplainer(modelText: string, options: RowOptions = {}): Promise<RowExplainer> {
  const { libraries, reading } = options;
  if (isLogisticText(modelText)) return libraryExplainer(await openLogisticRows(modelText), 'double');
  if (isXgboostText(modelText))
    return libraryExplainer(await openXgboostRows(modelText, libraries?.xgboost), 'single');
  const kernel = await rowKernel(modelText, reading);
  if (kernel === undefined) return libraryExplainer(await openTrees(modelText, options), 'double');
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

async function openTrees(modelText: string, { libraries, reading }: RowOptions): Promise<Rows> {
  const { features, trees, scorer } = reading?.lightgbm ?? (await readTrees(parseModelText(modelText)));
  const scoreOf = scorer === undefined ? undefined : treeScorerOf(scorer);
  return openLightGbmRows(modelText, libraries?.lightgbm, {
    features,
    trees,
    scorer: scorer === undefined || scoreOf === undefined ? undefined : { scoreOf, proof: scorer.proof },
  });
}

async function rowKernel(modelText: string, reading?: ModelReading): Promise<RowKernel | undefined> {
  if (reading?.lightgbm === undefined) return openRowKernel(modelText);
  const { kernel } = reading.lightgbm;
  return kernel === undefined ? undefined : kernelRowsOf(kernel);
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
