/** Models of LightGBM, forests among them, in the calling thread. */
import { setImmediate } from 'node:timers/promises';
import { findLibrary, LIGHTGBM } from '../native-library.ts';
import { type Rows, rowsOf } from '../rows.ts';
import type { LightGbm } from './lightgbm.ts';
import { parseModelText } from './model-text.ts';

/** By path: a thread loads a library once, and its log callback cannot be given back. */
const loaded = new Map<string, LightGbm>();

/** What opening a model takes from its text, which was checked when it was read. */
export interface ReadText {
  readonly features: number;
  readonly trees: number;
}

function readText(modelText: string): ReadText {
  const { features, trees } = parseModelText(modelText);
  return { features, trees: trees.length };
}

/**
 * Loads a model into this thread. `read`: this very text was read before, in another thread perhaps.
 *
 * @throws HF501 when the library is missing or does not load; HF503 when the text is not a usable model.
 */
export async function openRows(
  modelText: string,
  libraryPath: string | undefined,
  read?: ReadText,
): Promise<Rows> {
  const { features, trees } = read ?? readText(modelText);
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
      trees,
      predict: (what, matrix, threads) => booster.predict(what, matrix, threads),
      [Symbol.dispose]() {
        fast[Symbol.dispose]();
        booster[Symbol.dispose]();
      },
    },
    (row) => fast.predict(row),
  );
}
