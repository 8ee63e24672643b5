/** The values by which metrics are split: what the data say, where cleaning put something else in the matrix. */
import type { Engine } from '../engine/index.ts';
import { type FeatureEncoding, toldFeature } from '../model/index.ts';
import type { TrainingMatrix } from '../train/index.ts';

/** Segments whose values have to be read beside the matrix, with their place among the read expressions. */
export interface ToldSegments {
  readonly expressions: readonly string[];
  readonly places: ReadonlyMap<string, { readonly place: number; readonly categories: readonly string[] }>;
}

export function toldSegments(
  engine: Engine,
  encoding: FeatureEncoding,
  segments: readonly string[],
): ToldSegments {
  const found = segments.flatMap((segment) => {
    const told = toldFeature(engine, encoding, segment);
    return told === undefined ? [] : [{ segment, ...told }];
  });
  return {
    expressions: found.map(({ expression }) => expression),
    places: new Map(found.map(({ segment, categories }, place) => [segment, { place, categories }])),
  };
}

/** The value of a segment's feature as it is shown: a category, a number, or that it is missing. */
export function segmentReader(
  { features, extra }: TrainingMatrix,
  encoding: FeatureEncoding,
  { places, expressions }: ToldSegments,
  segment: string,
  matrixRows: Uint32Array,
): (position: number) => string {
  const told = places.get(segment);
  const index = encoding.features.findIndex(({ name }) => name === segment);
  const categories = told?.categories ?? encoding.features[index]?.categories ?? [];
  // They are the last of what was read beside the features.
  const column =
    told === undefined
      ? features.data.subarray(index * features.rows, (index + 1) * features.rows)
      : extra[extra.length - expressions.length + told.place];
  return (position) => {
    const value = column?.[matrixRows[position] as number] ?? Number.NaN;
    return Number.isNaN(value) ? 'missing' : (categories[value] ?? String(value));
  };
}
