import type { Learner } from '../learner.ts';
import { findLibrary, LIGHTGBM } from '../native-library.ts';
import type { LightGbmOptions } from '../lightgbm/index.ts';
import { openWorkerLearner } from '../worker/worker-learner.ts';

/**
 * Opens random forests, grown by LightGBM, in a worker of their own; the caller disposes them. Models are
 * texts of LightGBM; `training.ts` says what their raw score is.
 *
 * @throws HF501 when the library is missing or does not load.
 */
export async function openRandomForest(options: LightGbmOptions = {}): Promise<Learner> {
  const library = findLibrary(LIGHTGBM, options.libraryPath);
  return await openWorkerLearner({
    name: 'random_forest',
    version: library.version,
    workerFolder: 'learner/random-forest',
    libraryPath: library.path,
    threads: options.threads,
  });
}
