import type { Learner } from '../learner.ts';
import { findLibrary, XGBOOST } from '../native-library.ts';
import { openWorkerLearner } from '../worker/worker-learner.ts';

export { isXgboostText, parseModelText } from './model-text.ts';
export { openRows as openXgboostRows } from './rows.ts';

export interface XgboostOptions {
  /** The native library; by default HOLDFAST_XGBOOST_LIBRARY, else what `npm run setup` fetched. */
  readonly libraryPath?: string;
  /** Threads for prediction, and for training tasks that say 0; by default what the machine has. */
  readonly threads?: number;
}

/**
 * Opens XGBoost in a worker of its own; the caller disposes it. The library computes in float32: raw scores
 * are floats, and contributions add up to them within a few units of the last place of their sum.
 *
 * @throws HF501 when the library is missing or does not load.
 */
export async function openXgboost(options: XgboostOptions = {}): Promise<Learner> {
  const library = findLibrary(XGBOOST, options.libraryPath);
  return await openWorkerLearner({
    name: 'xgboost',
    version: library.version,
    workerFolder: 'learner/xgboost',
    libraryPath: library.path,
    threads: options.threads,
  });
}
