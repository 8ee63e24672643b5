/** The thread that reads models and features while the server answers: one order, one answer. */
import { parentPort, workerData } from 'node:worker_threads';
import { toFailure } from '../../kernel/index.ts';
import type { OrderOf, ReadText, ThreadAnswers, ThreadMessage, ThreadOrder } from './thread-tasks.ts';

type Answer = ThreadAnswers[keyof ThreadAnswers];
type CarryOut = (order: ThreadOrder) => Promise<Answer>;

async function modelReader(): Promise<CarryOut> {
  const { readModel } = await import('../../learner/index.ts');
  return async (order) => {
    const read: ReadText[] = [];
    for (const model of (order as OrderOf<'models'>).models) {
      try {
        read.push({ reading: await readModel(model) });
      } catch (error) {
        read.push({ failure: toFailure(error) });
      }
    }
    return read;
  };
}

async function indexReader(): Promise<CarryOut> {
  const { readIndexOf } = await import('./index-order.ts');
  return (order) => readIndexOf(order as OrderOf<'index'>);
}

const port = parentPort;
if (port !== null) {
  // Loading begins before the order is there.
  const ready = (workerData as ThreadOrder['kind']) === 'models' ? modelReader() : indexReader();
  ready.catch(() => undefined);
  port.once('message', (order: ThreadOrder) => {
    ready
      .then((carryOut) => carryOut(order))
      .then(
        (done) => {
          port.postMessage({ kind: 'answer', answer: done } satisfies ThreadMessage);
        },
        (error: unknown) => {
          port.postMessage({ kind: 'failure', failure: toFailure(error) } satisfies ThreadMessage);
        },
      );
  });
}
