/**
 * How feature rows become the matrix a learner sees: the contract's features in order, numbers as they
 * are, categories as codes that were fixed on the training rows. The same SELECT serves training,
 * batch scoring and evaluation, so that they cannot differ.
 */
import { type Engine, textOf } from '../engine/index.ts';
import { hashOf } from '../kernel/index.ts';
import type { Pack } from '../pack/index.ts';

/** The frozen order, types and category codes of a model's features. */
export interface FeatureEncoding {
  readonly features: readonly EncodedFeature[];
  /** SHA-256 of the contract (names, types, order, units, ranges), the same for all horizons of a set. */
  readonly contractHash: string;
}

export interface EncodedFeature {
  readonly name: string;
  readonly type: 'numeric' | 'categorical';
  /** Values of the training rows in code-point order; a value's code is its index. Empty for numbers. */
  readonly categories: readonly string[];
}

/** Fixes the category codes on the rows that `where` selects (the training rows). */
export async function fitEncoding(
  engine: Engine,
  pack: Pack,
  table: string,
  where: string,
): Promise<FeatureEncoding> {
  const features: EncodedFeature[] = [];
  for (const [name, feature] of Object.entries(pack.features)) {
    const column = engine.identifier(name);
    const values =
      feature.type === 'numeric'
        ? []
        : await engine.rows(
            `SELECT DISTINCT CAST(${column} AS STRING) AS value FROM ${table} WHERE ${column} IS NOT NULL AND (${where})`,
          );
    const categories = values.map((row) => textOf(row['value'])).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    features.push({ name, type: feature.type, categories });
  }
  return { features, contractHash: contractHash(pack) };
}

/** Indexes of the columns that hold category codes. */
export const categoricalColumns = ({ features }: FeatureEncoding): number[] =>
  features.flatMap(({ type }, index) => (type === 'categorical' ? [index] : []));

/** Hash of what a feature value means; a model and a table fit when it is equal. */
export function contractHash(pack: Pack): string {
  return hashOf(
    Object.entries(pack.features).map(([name, { type, unit, source, window }]) => ({
      name,
      type,
      unit,
      source,
      window,
    })),
  );
}

/**
 * SELECT of the matrix columns (doubles, NULL for missing and for categories never seen in training)
 * followed by `extra` expressions over the table's alias `rows`.
 */
export function matrixSelect(
  engine: Engine,
  encoding: FeatureEncoding,
  request: {
    readonly table: string;
    readonly extra?: readonly string[];
    readonly where: string;
    readonly orderBy: string;
  },
): string {
  const joins: string[] = [];
  const columns = encoding.features.map(({ name, type, categories }, index) => {
    const column = engine.identifier(name);
    if (type === 'numeric') return `CAST(rows.${column} AS DOUBLE) AS ${column}`;
    if (categories.length === 0) return `CAST(NULL AS DOUBLE) AS ${column}`;
    const alias = `codes_${String(index)}`;
    const values = categories.map((value, code) => `(${engine.literal(value)}, ${String(code)})`).join(', ');
    joins.push(
      `LEFT JOIN (VALUES ${values}) AS ${alias}(value, code) ON ${alias}.value = CAST(rows.${column} AS STRING)`,
    );
    return `CAST(${alias}.code AS DOUBLE) AS ${column}`;
  });
  return (
    `SELECT ${[...columns, ...(request.extra ?? [])].join(', ')} FROM ${request.table} AS rows ${joins.join(' ')} ` +
    `WHERE ${request.where} ORDER BY ${request.orderBy}`
  );
}
