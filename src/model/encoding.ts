/**
 * How feature rows become the matrix a learner sees: the contract's features in order, numbers as they
 * are, categories as codes that were fixed on the training rows, both cleaned by what was fitted on those rows.
 * The same SELECT serves training, batch scoring and evaluation, so that they cannot differ; `encodeRow` does the
 * same to one row, to the bit.
 */
import { type Engine, textOf } from '../engine/index.ts';
import { hashOf } from '../kernel/index.ts';
import type { Pack } from '../pack/index.ts';
import {
  changesValues,
  cleanedExpression,
  cleaningRule,
  type CleaningRule,
  type Fit,
  fitCleaning,
  type FittedCleaning,
  outlierCondition,
  toldNumber,
} from './cleaning.ts';

/** The frozen order, types, category codes and cleaning of a model's features. */
export interface FeatureEncoding {
  /** A column of the learner's matrix each. */
  readonly features: readonly EncodedFeature[];
  /** Features of the contract that the learner does not see; absent where it sees all. */
  readonly dropped?: readonly DroppedFeature[];
  /** SHA-256 of the contract (names, types, order, units, ranges), the same for all horizons of a set. */
  readonly contractHash: string;
}

export interface EncodedFeature {
  readonly name: string;
  readonly type: 'numeric' | 'categorical';
  /** Values of the training rows in code-point order; a value's code is its index. Empty for numbers. */
  readonly categories: readonly string[];
  /** What is done to its values; absent where they are left as they are. */
  readonly cleaning?: FittedCleaning;
  /** The feature whose outliers this one flags: 1 for an outlier, else 0. No column of the table has its name. */
  readonly outlierOf?: string;
}

export interface DroppedFeature extends Pick<EncodedFeature, 'name' | 'type' | 'categories'> {
  /** Share of missing values among the training rows. */
  readonly missingShare: number;
  /** The share above which it was left out. */
  readonly dropAbove: number;
}

/** Fixes category codes and cleaning on the rows that `where` selects (the training rows). */
export async function fitEncoding(
  engine: Engine,
  pack: Pack,
  table: string,
  where: string,
): Promise<FeatureEncoding> {
  const features: EncodedFeature[] = [];
  const dropped: DroppedFeature[] = [];
  for (const [name, { type, range }] of Object.entries(pack.features)) {
    const rule = cleaningRule(pack.file.cleaning, name, type);
    const seen = type === 'numeric' ? [] : await categoriesOf(engine, name, table, where);
    const plain = { name, type, categories: withConstant(rule, type, seen) };
    if (isLeft(rule)) {
      features.push(plain);
      continue;
    }
    const training = matrixSelect(
      engine,
      { features: [plain] },
      { table: `(SELECT * FROM ${table} WHERE ${where})`, where: 'true', orderBy: '1' },
    );
    const { data } = await engine.numeric(training);
    const fit = fitCleaning(rule, { values: data, range, categories: plain.categories });
    if (rule.drop_above !== null && fit.missingShare > rule.drop_above)
      dropped.push({ ...plain, missingShare: fit.missingShare, dropAbove: rule.drop_above });
    else features.push(...encoded(plain, fit));
  }
  return { features, ...(dropped.length === 0 ? {} : { dropped }), contractHash: contractHash(pack) };
}

async function categoriesOf(engine: Engine, name: string, table: string, where: string): Promise<string[]> {
  const column = engine.identifier(name);
  const values = await engine.rows(
    `SELECT DISTINCT CAST(${column} AS STRING) AS value FROM ${table} WHERE ${column} IS NOT NULL AND (${where})`,
  );
  return values.map((row) => textOf(row['value'])).sort(byCodePoints);
}

const byCodePoints = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A constant that stands for missing has a code, whether it occurs in training or not. */
function withConstant({ missing }: CleaningRule, type: EncodedFeature['type'], seen: string[]): string[] {
  const constant = typeof missing === 'object' ? missing.constant : undefined;
  if (type === 'numeric' || typeof constant !== 'string' || seen.includes(constant)) return seen;
  return [...seen, constant].sort(byCodePoints);
}

const isLeft = ({ missing, drop_above, outliers, impossible }: CleaningRule): boolean =>
  missing === 'leave' && drop_above === null && outliers === 'none' && impossible === 'keep';

function encoded(plain: EncodedFeature, { cleaning }: Fit): EncodedFeature[] {
  const feature = Object.keys(cleaning).length === 0 ? plain : { ...plain, cleaning };
  if (cleaning.outliers?.action !== 'flag') return [feature];
  return [feature, { name: `${plain.name}_outlier`, type: 'numeric', categories: [], outlierOf: plain.name }];
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
  { features }: Pick<FeatureEncoding, 'features'>,
  request: {
    readonly table: string;
    readonly extra?: readonly string[];
    readonly where: string;
    readonly orderBy: string;
  },
): string {
  const columns = features.map(
    (feature) => `${matrixExpression(engine, features, feature)} AS ${engine.identifier(feature.name)}`,
  );
  return (
    `SELECT ${[...columns, ...(request.extra ?? [])].join(', ')} FROM ${request.table} AS rows ${codeJoins(engine, features)} ` +
    `WHERE ${request.where} ORDER BY ${request.orderBy}`
  );
}

/** Joins of the codes of all categorical features, which expressions over `rows` of the same SELECT may name. */
export function codeJoins(engine: Engine, features: readonly EncodedFeature[]): string {
  return features
    .flatMap(({ name, categories }, index) => {
      if (categories.length === 0) return [];
      const alias = codesAlias(index);
      const values = categories
        .map((value, code) => `(${engine.literal(value)}, ${String(code)})`)
        .join(', ');
      return [
        `LEFT JOIN (VALUES ${values}) AS ${alias}(value, code) ON ${alias}.value = CAST(rows.${engine.identifier(name)} AS STRING)`,
      ];
    })
    .join(' ');
}

const codesAlias = (index: number): string => `codes_${String(index)}`;

function matrixExpression(
  engine: Engine,
  features: readonly EncodedFeature[],
  feature: EncodedFeature,
): string {
  const { cleaning, outlierOf } = feature;
  if (outlierOf !== undefined) {
    const flagged = features.find(({ name }) => name === outlierOf);
    if (flagged?.cleaning === undefined) return 'CAST(0 AS DOUBLE)';
    const told = toldExpression(engine, features, flagged);
    return `CAST(CASE WHEN ${outlierCondition(engine, flagged.cleaning, told)} THEN 1 ELSE 0 END AS DOUBLE)`;
  }
  const told = toldExpression(engine, features, feature);
  return cleaning !== undefined && changesValues(cleaning) ? cleanedExpression(engine, cleaning, told) : told;
}

/**
 * What the data say of a feature, as a double over `rows` and the joined codes: NULL for missing and impossible
 * values and for categories never seen in training, before anything is put in their place.
 */
export function toldExpression(
  engine: Engine,
  features: readonly EncodedFeature[],
  feature: EncodedFeature,
): string {
  if (feature.outlierOf !== undefined) return matrixExpression(engine, features, feature);
  const column = `rows.${engine.identifier(feature.name)}`;
  if (feature.type === 'numeric')
    return feature.cleaning === undefined
      ? `CAST(${column} AS DOUBLE)`
      : toldNumber(engine, column, feature.cleaning.possible);
  if (feature.categories.length === 0) return 'CAST(NULL AS DOUBLE)';
  return `CAST(${codesAlias(features.indexOf(feature))}.code AS DOUBLE)`;
}
