/**
 * The thread in which a learner works: one order after the other, every native call synchronous, so
 * that buffers stay alive and error texts and log lines stay in one thread.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { HoldfastError, toFailure } from '../../kernel/index.ts';
import type { Backend, BackendModel } from '../backend.ts';
import type { TrainProgress } from '../learner.ts';
import { checkMatrix } from '../matrix.ts';
import { type Answer, type NumberedOrder, type WorkerMessage, type WorkerSettings } from './protocol.ts';

/** At least so long between two progress messages. */
const PROGRESS_INTERVAL_MS = 100;

/** Carries out what the main thread orders until it is told to close. For the `worker.ts` of a learner. */
export function serve(open: (settings: WorkerSettings) => Backend): void {
  const port = parentPort;
  if (port === null) return;
  try {
    const worker = new LearnerWorker(open(workerData as WorkerSettings), port);
    port.on('message', (order: NumberedOrder) => {
      worker.receive(order);
    });
    port.postMessage({ kind: 'ready' } satisfies WorkerMessage);
  } catch (error) {
    port.postMessage({ kind: 'unusable', failure: toFailure(error) } satisfies WorkerMessage);
  }
}

class LearnerWorker {
  readonly #backend: Backend;
  readonly #port: MessagePort;
  readonly #models = new Map<number, BackendModel>();

  constructor(backend: Backend, port: MessagePort) {
    this.#backend = backend;
    this.#port = port;
  }

  receive(order: NumberedOrder): void {
    try {
      const answer = this.#carryOut(order);
      const message: WorkerMessage = { kind: 'answer', id: order.id, answer };
      this.#port.postMessage(message, answer instanceof Float64Array ? [answer.buffer as ArrayBuffer] : []);
    } catch (error) {
      const message: WorkerMessage = { kind: 'failure', id: order.id, failure: toFailure(error) };
      this.#port.postMessage(message);
    }
    if (order.kind === 'close') this.#port.close();
  }

  #carryOut(order: NumberedOrder): Answer {
    switch (order.kind) {
      case 'train':
        return this.#backend.train(order.task, {
          threads: order.threads,
          onProgress: this.#throttledProgress(order.id, order.task.rounds),
          isCancelled: () => Atomics.load(order.cancelled, 0) !== 0,
        });
      case 'load': {
        const model = this.#backend.load(order.modelText);
        this.#models.set(order.id, model);
        return { model: order.id, features: model.features, trees: model.trees };
      }
      case 'predict': {
        const model = this.#models.get(order.model);
        if (model === undefined)
          throw new HoldfastError('HF502', { message: 'the model is not loaded any more' });
        checkMatrix(order.features, model.features);
        return model.predict(order.what, order.features, order.threads);
      }
      case 'unload':
        this.#models.get(order.model)?.[Symbol.dispose]();
        this.#models.delete(order.model);
        return null;
      case 'close':
        for (const model of this.#models.values()) model[Symbol.dispose]();
        this.#models.clear();
        return null;
    }
  }

  #throttledProgress(id: number, rounds: number): TrainProgress {
    let last = -Infinity;
    return (round, metric) => {
      const now = performance.now();
      if (now - last < PROGRESS_INTERVAL_MS && round < rounds) return;
      last = now;
      const message: WorkerMessage = { kind: 'progress', id, round, metric };
      this.#port.postMessage(message);
    };
  }
}
