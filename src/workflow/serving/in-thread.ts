import { SHARE_ENV, Worker } from 'node:worker_threads';
import { fromFailure, HoldfastError, workerFile } from '../../kernel/index.ts';
import type { OrderOf, ThreadAnswers, ThreadMessage, ThreadOrder } from './thread-tasks.ts';

/**
 * Carries out an order in a thread of its own, which ends with it. Rejects with what failed there, HF502 where the thread
 * itself did.
 */
export function inThread<Kind extends ThreadOrder['kind']>(
  order: OrderOf<Kind>,
): Promise<ThreadAnswers[Kind]> {
  // The process's own flags (`--eval`, loaders) are not for a compiled file.
  const worker = new Worker(workerFile('workflow/serving'), { workerData: order, env: SHARE_ENV, execArgv: [] });
  return new Promise((resolve, reject) => {
    const stopped = (cause: unknown): void => {
      const message = `the thread that loads stopped: ${String(cause)}`;
      reject(new HoldfastError('HF502', { message, hint: 'see the memory that the server may use', cause }));
    };
    worker.once('error', stopped);
    worker.once('exit', stopped);
    worker.once('message', (message: ThreadMessage) => {
      if (message.kind === 'failure') reject(fromFailure(message.failure));
      // The thread answers by the kind of the order.
      else resolve(message.answer as ThreadAnswers[Kind]);
      void worker.terminate();
    });
  });
}
