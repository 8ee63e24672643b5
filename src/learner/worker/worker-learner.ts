/** A learner whose work is done in a worker of its own: the main thread's side, the same for all of them. */
import { workerFile } from '../../kernel/index.ts';
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
import type { Prediction } from '../backend.ts';
import { WorkerThread } from './worker-thread.ts';

/** What a learner with a worker is opened with. */
export interface WorkerLearnerOptions {
  readonly name: string;
  readonly version: string;
  /** Folder of its `worker.ts` below `src`. */
  readonly workerFolder: string;
  /** Path of the native library where there is one. */
  readonly libraryPath?: string;
  /** Threads for prediction, and for training tasks that say 0; undefined or 0: what the machine has. */
  readonly threads: number | undefined;
}

/**
 * Starts the worker; the caller disposes the learner. Orders are carried out one after the other.
 *
 * @throws HF501 when the worker or its library does not load.
 */
export async function openWorkerLearner(options: WorkerLearnerOptions): Promise<Learner> {
  const thread = await WorkerThread.start(workerFile(options.workerFolder), {
    libraryPath: options.libraryPath,
  });
  return new WorkerLearner(thread, options);
}

class WorkerLearner implements Learner {
  readonly name: string;
  readonly version: string;
  readonly #thread: WorkerThread;
  readonly #threads: number;
  readonly #running = new Set<Int32Array>();

  constructor(thread: WorkerThread, { name, version, threads = 0 }: WorkerLearnerOptions) {
    this.#thread = thread;
    this.name = name;
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
    return new WorkerLoadedModel(this.#thread, model, features, trees, this.#threads);
  }

  /** Ends a running training after its round (HF930) and releases everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const cancelled of this.#running) Atomics.store(cancelled, 0, 1);
    await this.#thread.close();
  }
}

class WorkerLoadedModel implements LoadedModel {
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
