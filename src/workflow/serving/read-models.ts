import { fromFailure } from '../../kernel/index.ts';
import type { ModelReading } from '../../learner/index.ts';
import type { StoredModel } from '../../model/index.ts';
import type { ReadFeatures } from '../../registry/index.ts';
import { inThread } from './in-thread.ts';

/** Reads the texts of models; each rejects with HF501 or HF503 as `readModel` does. */
export type ReadModels = (models: readonly StoredModel[]) => readonly Promise<ModelReading>[];

/** The same as the registry asks when it checks a set. */
export const readFeatures =
  (readModels: ReadModels): ReadFeatures =>
  (models) =>
    readModels(models).map((reading) => () => reading);

/** Reads models in one thread beside the one that answers, each once, however often it is asked for. */
export function modelReader(): ReadModels {
  const known = new WeakMap<StoredModel, Promise<ModelReading>>();
  const begin = (models: readonly StoredModel[]): void => {
    const texts = models.map(({ learner, modelText }) => ({ learner, modelText }));
    const all = inThread({ kind: 'models', models: texts });
    models.forEach((model, place) => {
      const reading = all.then((read) => {
        const own = read[place];
        if (own === undefined) throw new RangeError('the thread read too few models');
        if ('failure' in own) throw fromFailure(own.failure);
        return own.reading;
      });
      // Whoever waits for it is told; where the one before failed, nobody does.
      reading.catch(() => undefined);
      known.set(model, reading);
    });
  };
  return (models) => {
    const unknown = models.filter((model) => !known.has(model));
    if (unknown.length > 0) begin(unknown);
    return models.map((model) => known.get(model) as Promise<ModelReading>);
  };
}
