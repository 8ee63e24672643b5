/** Models of LightGBM, forests among them, in the calling thread. */
import { setImmediate } from 'node:timers/promises';
import { findLibrary, LIGHTGBM } from '../native-library.ts';
import { type Rows, rowsOf } from '../rows.ts';
import type { LightGbm } from './lightgbm.ts';
import { type LightGbmModel, parseModelText } from './model-text.ts';

/** By path: a thread loads a library once, and its log callback cannot be given back. */
const loaded = new Map<string, LightGbm>();

/** A quicker way to the raw score of a row, to the bit; undefined for a model that it is not made for. */
export type ScorerOf = (model: LightGbmModel) => Promise<((row: Float64Array) => number) | undefined>;

/**
 * Loads a model into this thread. Raw scores of single rows come from what `scorerOf` makes, where it makes something.
 *
 * @throws HF501 when the library is missing or does not load; HF503 when the text is not a usable model.
 */
export async function openRows(
  modelText: string,
  libraryPath: string | undefined,
  scorerOf: ScorerOf = () => Promise.resolve(undefined),
): Promise<Rows> {
  const model = parseModelText(modelText);
  const { features, trees } = model;
  const { path } = findLibrary(LIGHTGBM, libraryPath);
  // A server answers in between.
  await setImmediate();
  // Only those who ask for rows load the bindings outside of a worker.
  const { LightGbm } = await import('./lightgbm.ts');
  const library = loaded.get(path) ?? new LightGbm(path);
  loaded.set(path, library);
  const booster = library.loadBooster(modelText);
  const fast = booster.rowPredictor(features);
  const own = await scorerOf(model);
  const isProven =
    own !== undefined && proofRows(model).every((row) => Object.is(own(row), fast.predict(row)));
  return rowsOf(
    {
      features,
      trees: trees.length,
      predict: (what, matrix, threads) => booster.predict(what, matrix, threads),
      [Symbol.dispose]() {
        fast[Symbol.dispose]();
        booster[Symbol.dispose]();
      },
    },
    isProven ? own : (row) => fast.predict(row),
  );
}

const PROOF_ROWS = 32;

/** Rows at the very thresholds of a model and beside them, some values missing: where two ways could part. */
function proofRows({ features, trees }: LightGbmModel): Float64Array[] {
  const rows = Array.from({ length: PROOF_ROWS }, (_, row) =>
    new Float64Array(features).fill(row === 0 ? Number.NaN : row === 1 ? 0 : row),
  );
  trees.forEach(({ splitFeature, threshold }, tree) => {
    splitFeature.forEach((feature, node) => {
      const row = rows[2 + ((tree + node) % (PROOF_ROWS - 2))] as Float64Array;
      const value = threshold[node] as number;
      row[feature] = [value, value + 1, value - 1, Number.NaN][tree % 4] as number;
    });
  });
  return rows;
}
