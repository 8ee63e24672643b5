import type { Learner } from '../learner.ts';
import { findLibrary, LIGHTGBM } from '../native-library.ts';
import { openWorkerLearner } from '../worker/worker-learner.ts';

export { type LightGbmModel, parseModelText } from './model-text.ts';
export type { LightGbmTree } from './tree-text.ts';
export { openRows as openLightGbmRows } from './rows.ts';

export interface LightGbmOptions {
  /** The native library; by default HOLDFAST_LIGHTGBM_LIBRARY, else what `npm run setup` fetched. */
  readonly libraryPath?: string;
  /** Threads for prediction, and for training tasks that say 0; by default what the machine has. */
  readonly threads?: number;
}

/**
 * Opens LightGBM in a worker of its own; the caller disposes it. Orders are carried out one after
 * the other, each with as many native threads as it asks for.
 *
 * Single rows go through the same path as batches. What needs a row in microseconds calls the library in
 * its own thread instead: `openLightGbmRows`.
 *
 * @throws HF501 when the library is missing or does not load.
 */
export async function openLightGbm(options: LightGbmOptions = {}): Promise<Learner> {
  const library = findLibrary(LIGHTGBM, options.libraryPath);
  return await openWorkerLearner({
    name: 'lightgbm',
    version: library.version,
    workerFolder: 'learner/lightgbm',
    libraryPath: library.path,
    threads: options.threads,
  });
}
