/** Models of LightGBM, forests among them, in the calling thread. */
import { setImmediate } from 'node:timers/promises';
import { findLibrary, LIGHTGBM } from '../native-library.ts';
import { type Rows, rowsOf } from '../rows.ts';
import type { LightGbm } from './lightgbm.ts';
import { parseModelText } from './model-text.ts';

/** By path: a thread loads a library once, and its log callback cannot be given back. */
const loaded = new Map<string, LightGbm>();

/**
 * Loads a model into this thread.
 *
 * @throws HF501 when the library is missing or does not load; HF503 when the text is not a usable model.
 */
export async function openRows(modelText: string, libraryPath: string | undefined): Promise<Rows> {
  const { features, trees } = parseModelText(modelText);
  const { path } = findLibrary(LIGHTGBM, libraryPath);
  // A server answers in between.
  await setImmediate();
  // Only those who ask for rows load the bindings outside of a worker.
  const { LightGbm } = await import('./lightgbm.ts');
  const library = loaded.get(path) ?? new LightGbm(path);
  loaded.set(path, library);
  const booster = library.loadBooster(modelText);
  const fast = booster.rowPredictor(features);
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
    (row) => fast.predict(row),
  );
}
