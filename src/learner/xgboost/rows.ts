/** Models of XGBoost in the calling thread. */
import { findLibrary, XGBOOST } from '../native-library.ts';
import { type Rows, rowsOf } from '../rows.ts';
import type { Xgboost } from './xgboost.ts';

/** By path: a thread loads a library once, and its log callback cannot be given back. */
const loaded = new Map<string, Xgboost>();

/**
 * Loads a model into this thread.
 *
 * @throws HF501 when the library is missing or does not load; HF503 when the text is not a usable model.
 */
export async function openRows(modelText: string, libraryPath: string | undefined): Promise<Rows> {
  const { path } = findLibrary(XGBOOST, libraryPath);
  // Only those who ask for rows load the bindings outside of a worker.
  const [{ Xgboost }, { xgboostBackend }] = await Promise.all([
    import('./xgboost.ts'),
    import('./backend.ts'),
  ]);
  const library = loaded.get(path) ?? new Xgboost(path);
  loaded.set(path, library);
  return rowsOf(xgboostBackend(library).load(modelText));
}
