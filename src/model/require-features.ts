import type { Engine } from '../engine/index.ts';
import { HoldfastError, nearestWord } from '../kernel/index.ts';
import type { FeatureEncoding } from './encoding.ts';

/** Throws HF504 naming the features that a model needs and a table does not have. */
export async function requireFeatures(
  engine: Engine,
  { features }: Pick<FeatureEncoding, 'features'>,
  table: string,
): Promise<void> {
  const columns = (await engine.describe(`SELECT * FROM ${table}`)).map(({ name }) => name);
  const there = new Set(columns);
  const absent = features.filter(({ name, outlierOf }) => outlierOf === undefined && !there.has(name));
  const [first] = absent;
  if (first === undefined) return;
  const near = nearestWord(first.name, columns);
  throw new HoldfastError('HF504', {
    message: `${table} lacks ${absent.map(({ name }) => name).join(', ')}, which the model was trained on`,
    hint: near === undefined ? 'build the features again, or train again' : `is it the column ${near}?`,
    place: { field: first.name },
  });
}
