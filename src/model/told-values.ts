/**
 * What may be told of a row. The model sees cleaned values; a sentence to a person must say what the data say: not
 * the median that stands for a missing value, nor the bound that a larger one was moved to.
 */
import type { Engine } from '../engine/index.ts';
import { changesValues } from './cleaning.ts';
import { type EncodedFeature, type FeatureEncoding, toldExpression } from './encoding.ts';

/** Expressions to add to `matrixSelect`, one for each feature whose values cleaning may change; often none. */
export const toldColumns = (engine: Engine, { features }: FeatureEncoding): string[] =>
  changed(features).map(
    (feature, index) =>
      `${toldExpression(engine, features, feature)} AS ${engine.identifier(`holdfast_told_${String(index)}`)}`,
  );

/**
 * One column a feature of the encoding: what may be told, NaN where that is nothing. `matrix` holds the model's
 * columns one after the other, `told` what `toldColumns` selected.
 */
export function toldValues(
  { features }: FeatureEncoding,
  matrix: { readonly rows: number; readonly data: Float64Array },
  told: readonly Float64Array[],
): Float64Array[] {
  const columns = new Map(changed(features).map((feature, index) => [feature, told[index]]));
  return features.map(
    (feature, index) =>
      columns.get(feature) ?? matrix.data.subarray(index * matrix.rows, (index + 1) * matrix.rows),
  );
}

const changed = (features: readonly EncodedFeature[]): EncodedFeature[] =>
  features.filter(({ cleaning }) => changesValues(cleaning));

/**
 * What may be told of one feature of the contract, as an expression over `rows` that needs no codes of a matrix: a
 * number, or the place of its category in `categories`. Undefined where the matrix has it as it is.
 */
export function toldFeature(
  engine: Engine,
  encoding: FeatureEncoding,
  name: string,
): { readonly expression: string; readonly categories: readonly string[] } | undefined {
  const kept = encoding.features.find((feature) => feature.name === name);
  if (kept !== undefined && !changesValues(kept.cleaning)) return undefined;
  const feature = kept ?? encoding.dropped?.find((left) => left.name === name);
  if (feature === undefined) return undefined;
  const { categories, type } = feature;
  const column = `CAST(rows.${engine.identifier(name)} AS STRING)`;
  const codes = categories.map((value, code) => `WHEN ${engine.literal(value)} THEN ${String(code)}`);
  const expression =
    type === 'numeric'
      ? toldExpression(engine, [feature], feature)
      : codes.length === 0
        ? 'CAST(NULL AS DOUBLE)'
        : `CAST(CASE ${column} ${codes.join(' ')} END AS DOUBLE)`;
  return { expression, categories };
}
