import { availableParallelism } from 'node:os';
import type {
  FeatureMatrix,
  Learner,
  LoadedModel,
  TrainingResult,
  TrainingTask,
  TrainProgress,
} from '../learner.ts';
import { checkMatrix, toShared } from '../matrix.ts';
import { findLibrary } from './native-library.ts';
import type { Prediction } from './protocol.ts';
import { WorkerThread } from './worker-thread.ts';

export { type LightGbmModel, parseModelText } from './model-text.ts';
export type { LightGbmTree } from './tree-text.ts';

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
 * Single rows go through the same path as batches. A server that needs a row in microseconds calls
 * the library in its own thread instead: its place is a `single-row.ts` beside this file, on the
 * `LGBM_BoosterPredictForMatSingleRowFast` functions of `bindings.ts`, for models that went through
 * `parseModelText`.
 *
 * @throws HF501 when the library is missing or does not load.
 */
export async function openLightGbm(options: LightGbmOptions = {}): Promise<Learner> {
  const library = findLibrary(options.libraryPath ?? process.env['HOLDFAST_LIGHTGBM_LIBRARY']);
  const thread = await WorkerThread.start({ libraryPath: library.path });
  return new LightGbmLearner(thread, library.version, options.threads ?? 0);
}

class LightGbmLearner implements Learner {
  readonly name = 'lightgbm';
  readonly version: string;
  readonly #thread: WorkerThread;
  readonly #threads: number;
  readonly #running = new Set<Int32Array>();

  constructor(thread: WorkerThread, version: string, threads: number) {
    this.#thread = thread;
    this.version = version;
    this.#threads = threads > 0 ? threads : availableParallelism();
  }

  async train(task: TrainingTask, onProgress?: TrainProgress, signal?: AbortSignal): Promise<TrainingResult> {
    const cancelled = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const cancel = (): void => void Atomics.store(cancelled, 0, 1);
    if (signal?.aborted === true) cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    this.#running.add(cancelled);
    try {
      const threads = task.threads > 0 ? task.threads : this.#threads;
      return await this.#thread.order(
        { kind: 'train', task: withSharedArrays(task), threads, cancelled },
        onProgress,
      );
    } finally {
      this.#running.delete(cancelled);
      signal?.removeEventListener('abort', cancel);
    }
  }

  async load(modelText: string): Promise<LoadedModel> {
    const { model, features, trees } = await this.#thread.order({ kind: 'load', modelText });
    return new LightGbmLoadedModel(this.#thread, model, features, trees, this.#threads);
  }

  /** Ends a running training after its round (HF930) and releases everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const cancelled of this.#running) Atomics.store(cancelled, 0, 1);
    await this.#thread.close();
  }
}

class LightGbmLoadedModel implements LoadedModel {
  readonly features: number;
  readonly trees: number;
  readonly #thread: WorkerThread;
  readonly #model: number;
  readonly #threads: number;

  constructor(thread: WorkerThread, model: number, features: number, trees: number, threads: number) {
    this.#thread = thread;
    this.#model = model;
    this.features = features;
    this.trees = trees;
    this.#threads = threads;
  }

  predictRaw(features: FeatureMatrix): Promise<Float64Array> {
    return this.#predict('raw', features);
  }

  predictContributions(features: FeatureMatrix): Promise<Float64Array> {
    return this.#predict('contributions', features);
  }

  async #predict(what: Prediction, features: FeatureMatrix): Promise<Float64Array> {
    checkMatrix(features, this.features);
    return this.#thread.order({
      kind: 'predict',
      model: this.#model,
      what,
      features: { ...features, data: toShared(features.data) },
      threads: this.#threads,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#thread.isClosed) await this.#thread.order({ kind: 'unload', model: this.#model });
  }
}

function withSharedArrays(task: TrainingTask): TrainingTask {
  return {
    ...task,
    features: { ...task.features, data: toShared(task.features.data) },
    trainRows: toShared(task.trainRows),
    stopRows: toShared(task.stopRows),
    labels: toShared(task.labels),
    ...(task.weights === undefined ? {} : { weights: toShared(task.weights) }),
  };
}
