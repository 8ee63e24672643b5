import { availableParallelism } from 'node:os';
import { fromFailure } from '../../kernel/index.ts';
import type { ModelReading } from '../../learner/index.ts';
import type { StoredModel } from '../../model/index.ts';
import type { ReadFeatures } from '../../registry/index.ts';
import { startThread } from './in-thread.ts';
import type { ReadText } from './thread-tasks.ts';

/** Reads the texts of models; each rejects with HF501 or HF503 as `readModel` does. */
export type ReadModels = (models: readonly StoredModel[]) => readonly Promise<ModelReading>[];

/** Reads the models at these places of all that are asked for. */
interface ReadingThread {
  read(models: readonly StoredModel[]): Promise<readonly ReadText[]>;
  /** Of one that reads nothing. */
  end(): void;
}

/** Threads that wait for the models of a start. */
export interface EarlyModelReader {
  readonly readModels: ReadModels;
  /** Ends the threads that wait still: there is nothing to be read at this start. */
  readonly endWaiting: () => void;
}

/** More threads than this help little: a set has a few models, and each thread has to get warm. */
const MOST_THREADS = 2;

/** The same as the registry asks when it checks a set. */
export const readFeatures =
  (readModels: ReadModels): ReadFeatures =>
  (models) =>
    readModels(models).map((reading) => () => reading);

/** Reads models in one thread beside the one that answers, each once, however often it is asked for. */
export function modelReader(): ReadModels {
  return readerBy(() => [startReading()]);
}

/**
 * The same for a start, when nobody is answered yet: the first models are shared out among as many threads as there are
 * processors, which are started at once and load what they need before there are models.
 */
export function earlyModelReader(): Promise<EarlyModelReader> {
  let early = Array.from({ length: Math.min(MOST_THREADS, availableParallelism()) }, startReading);
  const readModels = readerBy(() => {
    const threads = early.length > 0 ? early : [startReading()];
    early = [];
    return threads;
  });
  return Promise.resolve({
    readModels,
    endWaiting() {
      for (const thread of early) thread.end();
      early = [];
    },
  });
}

function startReading(): ReadingThread {
  const thread = startThread('models');
  return {
    read(models) {
      const texts = models.map(({ learner, modelText }) => ({ learner, modelText }));
      return thread.carryOut({ kind: 'models', models: texts });
    },
    end() {
      thread.end();
    },
  };
}

function readerBy(threadsFor: () => readonly ReadingThread[]): ReadModels {
  const known = new WeakMap<StoredModel, Promise<ModelReading>>();
  const begin = (models: readonly StoredModel[]): void => {
    const threads = threadsFor();
    threads.forEach((thread, index) => {
      const own = models.filter((_, place) => place % threads.length === index);
      if (own.length === 0) {
        thread.end();
        return;
      }
      const all = thread.read(own);
      own.forEach((model, place) => {
        const reading = all.then((texts) => readingOf(texts[place]));
        // Whoever waits for it is told; where the one before failed, nobody does.
        reading.catch(() => undefined);
        known.set(model, reading);
      });
    });
  };
  return (models) => {
    const unknown = models.filter((model) => !known.has(model));
    if (unknown.length > 0) begin(unknown);
    return models.map((model) => known.get(model) as Promise<ModelReading>);
  };
}

function readingOf(text: ReadText | undefined): ModelReading {
  if (text === undefined) throw new RangeError('the thread read too few models');
  if ('failure' in text) throw fromFailure(text.failure);
  return text.reading;
}
