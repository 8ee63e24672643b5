/**
 * Many rows kept in memory to be encoded one at a time: what may be told of them is kept, since what the learner sees
 * follows from it.
 */
import type { Engine, NumericTable } from '../engine/index.ts';
import { cleanTold, type EncodedRow } from './encode-row.ts';
import { type EncodedFeature, type FeatureEncoding, matrixSelect } from './encoding.ts';

/** Features that a number of unseen categories has bits for. */
const BITS = 32;

/** Features with a column of their own: flags of outliers follow from those they flag. */
const columnsOf = ({ features }: FeatureEncoding): EncodedFeature[] =>
  features.filter(({ outlierOf }) => outlierOf === undefined);

const categoricalOf = (encoding: FeatureEncoding): EncodedFeature[] =>
  columnsOf(encoding).filter(({ type }) => type === 'categorical');

/** SELECT of what `rowReader` reads, followed by the `extra` expressions over the alias `rows`. */
export function toldSelect(
  engine: Engine,
  encoding: FeatureEncoding,
  request: { readonly table: string; readonly extra: readonly string[]; readonly orderBy: string },
): string {
  const features = columnsOf(encoding).map(({ cleaning, ...feature }) =>
    cleaning?.possible === undefined ? feature : { ...feature, cleaning: { possible: cleaning.possible } },
  );
  return matrixSelect(
    engine,
    { features },
    { ...request, extra: [...unseenColumns(engine, encoding), ...request.extra], where: 'true' },
  );
}

/** Numbers whose bits say which categories no training row had. */
function unseenColumns(engine: Engine, encoding: FeatureEncoding): string[] {
  const categorical = categoricalOf(encoding);
  return Array.from({ length: Math.ceil(categorical.length / BITS) }, (_, column) => {
    const bits = categorical.slice(column * BITS, (column + 1) * BITS).map(({ name, categories }, bit) => {
      const value = `rows.${engine.identifier(name)}`;
      const known = categories.map((category) => engine.literal(category)).join(', ');
      const isUnseen = known === '' ? `${value} IS NOT NULL` : `CAST(${value} AS STRING) NOT IN (${known})`;
      return `CASE WHEN ${isUnseen} THEN ${String(2 ** bit)} ELSE 0 END`;
    });
    return `CAST(${bits.join(' + ')} AS DOUBLE) AS ${engine.identifier(`holdfast_unseen_${String(column)}`)}`;
  });
}

/** What was read of a row, as `encodeAndTell` would make it of the row's values, and the extra columns. */
export interface ReadRow extends EncodedRow {
  readonly extra: readonly number[];
}

/** Encodes row after row of a table that `toldSelect` gave. */
export function rowReader(encoding: FeatureEncoding, table: NumericTable): (row: number) => ReadRow {
  const { features } = encoding;
  const categorical = categoricalOf(encoding).map(({ name }) => name);
  const places = features.flatMap(({ outlierOf }, index) => (outlierOf === undefined ? [index] : []));
  const masks = Math.ceil(categorical.length / BITS);
  const at = (column: number, row: number): number => table.data[column * table.rows + row] as number;
  return (row) => {
    const told = new Float64Array(features.length);
    for (let column = 0; column < places.length; column += 1)
      told[places[column] as number] = at(column, row);
    let unseen: readonly string[] = [];
    for (let mask = 0; mask < masks; mask += 1) {
      const bits = at(places.length + mask, row);
      if (bits === 0) continue;
      const own = categorical.slice(mask * BITS, (mask + 1) * BITS);
      unseen = [...unseen, ...own.filter((_, bit) => Math.floor(bits / 2 ** bit) % 2 === 1)];
    }
    const extra: number[] = [];
    for (let column = places.length + masks; column < table.columns.length; column += 1)
      extra.push(at(column, row));
    return { ...cleanTold(encoding, told), unseen, extra };
  };
}
