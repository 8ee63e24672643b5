/** Models of LightGBM, forests among them, in the calling thread. */
import { setImmediate } from 'node:timers/promises';
import { findLibrary, LIGHTGBM } from '../native-library.ts';
import { type Rows, rowsOf } from '../rows.ts';
import type { LightGbm } from './lightgbm.ts';

/** By path: a thread loads a library once, and its log callback cannot be given back. */
const loaded = new Map<string, LightGbm>();

/** A quicker way to raw scores, to the bit, and the rows that it must give the library's scores of. */
export interface RowScorer {
  readonly scoreOf: (row: Float64Array) => number;
  readonly proof: readonly Float64Array[];
}

/** What opening a model takes from its text, which was checked when it was read. */
export interface ReadText {
  readonly features: number;
  readonly trees: number;
  /** Without it, or where it proves wrong, the library scores. */
  readonly scorer?: RowScorer | undefined;
}

/**
 * Loads a model into this thread.
 *
 * @throws HF501 when the library is missing or does not load; HF503 when it does not take the text.
 */
export async function openRows(
  modelText: string,
  libraryPath: string | undefined,
  { features, trees, scorer }: ReadText,
): Promise<Rows> {
  const { path } = findLibrary(LIGHTGBM, libraryPath);
  // A server answers in between.
  await setImmediate();
  // Only those who ask for rows load the bindings outside of a worker.
  const { LightGbm } = await import('./lightgbm.ts');
  const library = loaded.get(path) ?? new LightGbm(path);
  loaded.set(path, library);
  const booster = library.loadBooster(modelText);
  const fast = booster.rowPredictor(features);
  const isProven = scorer?.proof.every((row) => Object.is(scorer.scoreOf(row), fast.predict(row))) ?? false;
  return rowsOf(
    {
      features,
      trees,
      predict: (what, matrix, threads) => booster.predict(what, matrix, threads),
      [Symbol.dispose]() {
        fast[Symbol.dispose]();
        booster[Symbol.dispose]();
      },
    },
    scorer !== undefined && isProven ? scorer.scoreOf : (row) => fast.predict(row),
  );
}
