/** The worker threads of an explainer: started with the first order, idle without keeping the process alive. */
import { SHARE_ENV, Worker, type WorkerOptions } from 'node:worker_threads';
import { HoldfastError, workerFile } from '../../kernel/index.ts';
import type { ExplainAnswer, ExplainOrder } from './protocol.ts';
import { BLOCK_ROWS, type RowsTask, type RunnerParts } from './runner.ts';

interface Waiting {
  /** Workers that have not answered yet. */
  left: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class Threads {
  readonly #parts: readonly RunnerParts[];
  readonly #workers: Worker[] = [];
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #ended: HoldfastError | undefined;

  /** One worker for each of the parts, at most. */
  constructor(parts: readonly RunnerParts[]) {
    this.#parts = parts;
  }

  /** Explains the rows of a task, whose arrays lie in shared memory. Rejects with HF502 when closed. */
  run(task: RowsTask, places: number): Promise<void> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const blocks = Math.ceil(places / BLOCK_ROWS);
    if (blocks === 0) return Promise.resolve();
    const id = ++this.#lastId;
    const next = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const order: ExplainOrder = { id, task, places, next };
    this.#start(Math.min(blocks, this.#parts.length));
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { left: this.#workers.length, resolve, reject });
      for (const worker of this.#workers) {
        worker.ref();
        worker.postMessage(order);
      }
    });
  }

  /** Ends the threads at once; what they have not finished is rejected with HF502. */
  async close(): Promise<void> {
    this.#end(new HoldfastError('HF502', { message: 'the explainer is closed' }));
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #start(count: number): void {
    for (const parts of this.#parts.slice(this.#workers.length, count)) {
      // The process's own flags (`--eval`, loaders) are not for a compiled file.
      const options: WorkerOptions = { workerData: parts, env: SHARE_ENV, execArgv: [] };
      const worker = new Worker(workerFile('learner/tree-shap'), options);
      worker.on('message', ({ id }: ExplainAnswer) => {
        this.#receive(id);
      });
      worker.on('error', (cause) => {
        const message = `a thread of the explainer stopped: ${cause.message}`;
        this.#end(new HoldfastError('HF502', { message, cause }));
      });
      this.#workers.push(worker);
    }
  }

  #receive(id: number): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    waiting.left -= 1;
    if (waiting.left > 0) return;
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) for (const worker of this.#workers) worker.unref();
    waiting.resolve();
  }

  #end(reason: HoldfastError): void {
    this.#ended ??= reason;
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
    for (const worker of this.#workers) worker.unref();
  }
}
