/** The main thread's end of the worker: orders out, answers in. */
import { SHARE_ENV, Worker, type WorkerOptions } from 'node:worker_threads';
import { fromFailure, HoldfastError } from '../../kernel/index.ts';
import type { TrainProgress } from '../learner.ts';
import {
  type Answer,
  type Answers,
  type NumberedOrder,
  type Order,
  type WorkerMessage,
  type WorkerSettings,
} from './protocol.ts';

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: TrainProgress | undefined;
}

/** A worker that carries out orders in their order. It keeps the process alive only while it works. */
export class WorkerThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #ended = false;
  #closing: Promise<void> | undefined;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (message: WorkerMessage) => {
      this.#receive(message);
    });
    worker.on('error', (error) => {
      this.#end(error);
    });
    worker.on('exit', () => {
      this.#end(undefined);
    });
    worker.unref();
  }

  /** Starts the compiled worker in `file` and waits until its library is loaded; rejects with HF501 otherwise. */
  static start(file: string, settings: WorkerSettings): Promise<WorkerThread> {
    // The process's own flags (`--eval`, loaders) are not for a compiled file.
    const options: WorkerOptions = { workerData: settings, env: SHARE_ENV, execArgv: [] };
    const worker = new Worker(file, options);
    return new Promise((resolve, reject) => {
      const fail = (cause: unknown): void => {
        const message = `the learner's worker does not start: ${String(cause)}`;
        reject(new HoldfastError('HF501', { message, hint: 'run `npm run setup`', cause }));
      };
      worker.once('error', fail);
      worker.once('exit', fail);
      worker.once('message', (message: WorkerMessage) => {
        worker.off('error', fail);
        worker.off('exit', fail);
        if (message.kind === 'ready') {
          resolve(new WorkerThread(worker));
          return;
        }
        void worker.terminate();
        reject(message.kind === 'unusable' ? fromFailure(message.failure) : new Error(message.kind));
      });
    });
  }

  get isClosed(): boolean {
    return this.#ended || this.#closing !== undefined;
  }

  /** Queues an order; rejects with what the worker threw, or HF502 when it is closed. */
  order<K extends Order['kind']>(
    order: Extract<Order, { kind: K }>,
    onProgress?: TrainProgress,
  ): Promise<Answers[K]> {
    return this.isClosed ? Promise.reject(closed()) : this.#send(order, onProgress);
  }

  #send<K extends Order['kind']>(
    order: Extract<Order, { kind: K }>,
    onProgress?: TrainProgress,
  ): Promise<Answers[K]> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const settle = resolve as (answer: Answer) => void;
      this.#waiting.set(id, { resolve: settle, reject, onProgress });
      this.#worker.ref();
      const numbered: NumberedOrder = { ...order, id };
      this.#worker.postMessage(numbered);
    });
  }

  /** Lets the worker finish what it has, release its models and end. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#ended) return;
    const left = new Promise<void>((resolve) => {
      this.#worker.once('exit', () => {
        resolve();
      });
    });
    await this.#send({ kind: 'close' });
    this.#worker.ref();
    await left;
  }

  #receive(message: WorkerMessage): void {
    if (message.kind === 'ready' || message.kind === 'unusable') return;
    const waiting = this.#waiting.get(message.id);
    if (message.kind === 'progress') {
      waiting?.onProgress?.(message.round, message.metric);
      return;
    }
    this.#waiting.delete(message.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if (message.kind === 'answer') waiting?.resolve(message.answer);
    else waiting?.reject(fromFailure(message.failure));
  }

  #end(cause: Error | undefined): void {
    this.#ended = true;
    for (const waiting of this.#waiting.values()) {
      waiting.reject(
        cause === undefined
          ? closed()
          : new HoldfastError('HF502', { message: `the learner's worker stopped: ${cause.message}`, cause }),
      );
    }
    this.#waiting.clear();
  }
}

function closed(): HoldfastError {
  return new HoldfastError('HF502', { message: 'the learner is closed' });
}
