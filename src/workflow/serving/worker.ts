/** The thread that reads models and features while the server answers: one order, one answer. */
import { parentPort, workerData } from 'node:worker_threads';
import { toFailure } from '../../kernel/index.ts';
import type { OrderOf, ReadText, ThreadAnswers, ThreadMessage, ThreadOrder } from './thread-tasks.ts';

async function readModels({ models }: OrderOf<'models'>): Promise<ThreadAnswers['models']> {
  const { readModel } = await import('../../learner/index.ts');
  const read: ReadText[] = [];
  for (const model of models) {
    try {
      read.push({ reading: await readModel(model) });
    } catch (error) {
      read.push({ failure: toFailure(error) });
    }
  }
  return read;
}

async function readIndex(order: OrderOf<'index'>): Promise<ThreadAnswers['index']> {
  const { readIndexOf } = await import('./index-order.ts');
  return readIndexOf(order);
}

const port = parentPort;
if (port !== null) {
  const order = workerData as ThreadOrder;
  const answer: Promise<ThreadAnswers[keyof ThreadAnswers]> =
    order.kind === 'models' ? readModels(order) : readIndex(order);
  answer.then(
    (done) => {
      port.postMessage({ kind: 'answer', answer: done } satisfies ThreadMessage);
    },
    (error: unknown) => {
      port.postMessage({ kind: 'failure', failure: toFailure(error) } satisfies ThreadMessage);
    },
  );
}
