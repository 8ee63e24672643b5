/** What cleaning found in rows, and did to them. */
import type { Engine } from '../engine/index.ts';
import { outlierCondition } from './cleaning.ts';
import { codeJoins, type EncodedFeature, type FeatureEncoding, toldExpression } from './encoding.ts';

/** Counts of one feature over some rows. */
export interface CleaningCount {
  readonly feature: string;
  /** Type of the column in the table. */
  readonly columnType: string;
  readonly rows: number;
  /** Values that were not there. */
  readonly missing: number;
  /** Numbers outside the range of the contract, taken for missing. */
  readonly impossible: number;
  /** Categories that the training rows do not have, taken for missing. */
  readonly unseen: number;
  /** Numbers beyond the fitted bounds. */
  readonly outliers: number;
  /** Values that another one was put in the place of, because they were missing, impossible or unseen. */
  readonly replaced: number;
  /** Outliers that were moved to their bound. */
  readonly capped: number;
  /** What was done in words, such as `missing: median 29.5`. */
  readonly done: string;
}

/** Counts what cleaning finds in the rows of a table that `where` selects, one line a feature of the contract. */
export async function countCleaning(
  engine: Engine,
  encoding: FeatureEncoding,
  table: string,
  where: string,
): Promise<CleaningCount[]> {
  const kept = encoding.features.filter(({ outlierOf }) => outlierOf === undefined);
  const dropped = encoding.dropped ?? [];
  const all: readonly EncodedFeature[] = [...kept, ...dropped];
  const counts = all.flatMap((feature, index) => {
    const column = `rows.${engine.identifier(feature.name)}`;
    const isMissing =
      feature.type === 'numeric'
        ? `nullif(CAST(${column} AS DOUBLE), CAST('NaN' AS DOUBLE)) IS NULL`
        : `${column} IS NULL`;
    const told = toldExpression(engine, all, feature);
    const outlier =
      feature.cleaning === undefined ? 'false' : outlierCondition(engine, feature.cleaning, told);
    return [
      `count(*) FILTER (WHERE ${isMissing}) AS missing_${String(index)}`,
      `count(*) FILTER (WHERE NOT (${isMissing}) AND (${told}) IS NULL) AS refused_${String(index)}`,
      `count(*) FILTER (WHERE ${outlier}) AS outliers_${String(index)}`,
    ];
  });
  const source = `(SELECT * FROM ${table} WHERE ${where})`;
  const [row = {}] = await engine.rows(
    `SELECT count(*) AS row_count, ${counts.join(', ')} FROM ${source} AS rows ${codeJoins(engine, all)}`,
  );
  const types = new Map(
    (await engine.describe(`SELECT * FROM ${table}`)).map(({ name, type }) => [name, type]),
  );
  return all.map((feature, index) => {
    const count = (what: string): number => Number(row[`${what}_${String(index)}`] ?? 0);
    const [missing, refused, outliers] = [count('missing'), count('refused'), count('outliers')];
    const { cleaning, type, name } = feature;
    return {
      feature: name,
      columnType: types.get(name) ?? 'unknown',
      rows: Number(row['row_count'] ?? 0),
      missing,
      impossible: type === 'numeric' ? refused : 0,
      unseen: type === 'numeric' ? 0 : refused,
      outliers,
      replaced: cleaning?.missing === undefined ? 0 : missing + refused,
      capped: cleaning?.outliers?.action === 'cap' ? outliers : 0,
      done: index < kept.length ? describe(feature) : describeDropped(dropped[index - kept.length]),
    };
  });
}

function describe({ cleaning, categories }: EncodedFeature): string {
  if (cleaning === undefined) return 'left as it is';
  const { missing, outliers, possible } = cleaning;
  const said = [
    ...(possible === undefined
      ? []
      : [`outside ${String(possible[0] ?? '')}..${String(possible[1] ?? '')}: missing`]),
    ...(missing === undefined
      ? []
      : [`missing: ${missing.rule} ${categories[missing.value] ?? String(missing.value)}`]),
    ...(outliers === undefined
      ? []
      : [
          `${outliers.method} below ${String(outliers.lower)} or above ${String(outliers.upper)}: ${outliers.action === 'cap' ? 'capped' : 'flagged'}`,
        ]),
  ];
  return said.join('; ');
}

function describeDropped(feature: NonNullable<FeatureEncoding['dropped']>[number] | undefined): string {
  if (feature === undefined) return '';
  const percent = (share: number): string => `${String(Math.round(share * 1000) / 10)} %`;
  return `left out: ${percent(feature.missingShare)} missing, more than ${percent(feature.dropAbove)}`;
}
