/** The thread that reads models and features while the server answers: one order, one answer. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Progress, silentProgress, systemClock, toFailure } from '../../kernel/index.ts';
import type { ReadText, ThreadAnswers, ThreadMessage, ThreadOrder } from './thread-tasks.ts';

type OrderOf<Kind extends ThreadOrder['kind']> = Extract<ThreadOrder, { readonly kind: Kind }>;

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
  const { openDuckDb } = await import('../../engine/index.ts');
  const { openLake } = await import('../../lake/index.ts');
  const { readFeatureIndex } = await import('./feature-index.ts');
  await using engine = await openDuckDb(order.engine);
  const warnings: string[] = [];
  const progress: Progress = { ...silentProgress, warn: (message) => void warnings.push(message) };
  const lake = openLake({ root: order.lake, engine, clock: systemClock, progress });
  const parts = { engine, lake, pack: order.pack, progress };
  return { data: await readFeatureIndex(parts, order.encoding, order.versions), warnings };
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
