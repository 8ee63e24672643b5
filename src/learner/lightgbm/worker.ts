/**
 * The thread in which LightGBM works: one order after the other, every native call synchronous, so
 * that buffers stay alive and error texts and log lines stay in one thread.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { HoldfastError } from '../../kernel/index.ts';
import { checkMatrix } from '../matrix.ts';
import { type Booster, LightGbm } from './lightgbm.ts';
import { parseModelText } from './model-text.ts';
import {
  type Answer,
  type NumberedOrder,
  toFailure,
  type WorkerMessage,
  type WorkerSettings,
} from './protocol.ts';
import { trainModel } from './training.ts';

/** At least so long between two progress messages. */
const PROGRESS_INTERVAL_MS = 100;

class LearnerWorker {
  readonly #library: LightGbm;
  readonly #port: MessagePort;
  readonly #models = new Map<number, Booster>();

  constructor(library: LightGbm, port: MessagePort) {
    this.#library = library;
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
        return trainModel(this.#library, order.task, {
          threads: order.threads,
          onProgress: this.#throttledProgress(order.id, order.task.rounds),
          isCancelled: () => Atomics.load(order.cancelled, 0) !== 0,
        });
      case 'load': {
        const { features, trees } = parseModelText(order.modelText);
        this.#models.set(order.id, this.#library.loadBooster(order.modelText));
        return { model: order.id, features, trees: trees.length };
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

  #throttledProgress(id: number, rounds: number): (round: number, metric: number | undefined) => void {
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

function start(port: MessagePort, settings: WorkerSettings): void {
  // Threads that spin while they wait make two of them ten times slower on a busy two-core machine.
  // The OpenMP runtime reads this when it is loaded; the worker shares the process's environment.
  process.env['OMP_WAIT_POLICY'] ??= 'passive';
  try {
    const worker = new LearnerWorker(new LightGbm(settings.libraryPath), port);
    port.on('message', (order: NumberedOrder) => {
      worker.receive(order);
    });
    port.postMessage({ kind: 'ready' } satisfies WorkerMessage);
  } catch (error) {
    port.postMessage({ kind: 'unusable', failure: toFailure(error) } satisfies WorkerMessage);
  }
}

if (parentPort !== null) start(parentPort, workerData as WorkerSettings);
