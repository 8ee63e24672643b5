import { SHARE_ENV, Worker, type WorkerOptions } from 'node:worker_threads';
import { fromFailure, HoldfastError, workerFile } from '../../kernel/index.ts';
import type { OrderOf, ThreadAnswers, ThreadMessage, ThreadOrder } from './thread-tasks.ts';

type Kind = ThreadOrder['kind'];

/** A thread that loads what an order of its kind needs and then waits for it; it ends with the order's answer. */
export interface WaitingThread<Own extends Kind> {
  /** To be called once. Rejects with what failed there, HF502 where the thread itself did. */
  carryOut(order: OrderOf<Own>): Promise<ThreadAnswers[Own]>;
  /** Ends a thread that gets no order. */
  end(): void;
}

/** Starts a thread ahead of its order. Until it has one, it does not keep the process alive. */
export function startThread<Own extends Kind>(kind: Own): WaitingThread<Own> {
  // The process's own flags (`--eval`, loaders) are not for a compiled file.
  const options: WorkerOptions = { workerData: kind, env: SHARE_ENV, execArgv: [] };
  const worker = new Worker(workerFile('workflow/serving'), options);
  worker.unref();
  const answer = new Promise<ThreadAnswers[Own]>((resolve, reject) => {
    const stopped = (cause: unknown): void => {
      const message = `the thread that loads stopped: ${String(cause)}`;
      reject(new HoldfastError('HF502', { message, hint: 'see the memory that the server may use', cause }));
    };
    worker.once('error', stopped);
    worker.once('exit', stopped);
    worker.once('message', (message: ThreadMessage) => {
      if (message.kind === 'failure') reject(fromFailure(message.failure));
      // The thread answers by the kind of the order.
      else resolve(message.answer as ThreadAnswers[Own]);
      void worker.terminate();
    });
  });
  // Who gives the order is told; a thread that stops before it has one is no matter of anybody else.
  answer.catch(() => undefined);
  return {
    carryOut(order) {
      worker.ref();
      worker.postMessage(order);
      return answer;
    },
    end() {
      void worker.terminate();
    },
  };
}

/** Carries out an order in a thread of its own. Rejects with what failed there, HF502 where the thread itself did. */
export const inThread = <Own extends Kind>(order: OrderOf<Own>): Promise<ThreadAnswers[Own]> =>
  startThread<Own>(order.kind).carryOut(order);
