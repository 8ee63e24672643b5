/** The second pass over a column: its values as they are read, with the rate of the target. */
import type { ColumnKind, DateSummary, HistogramBin, NumberSummary, ValueCount } from '../domain/index.ts';
import { textOf, type Engine } from '../engine/index.ts';
import { STAGED } from './staged-rows.ts';

export interface ColumnContent {
  readonly present: number;
  readonly distinct: number;
  readonly values: readonly ValueCount[];
  readonly numbers: NumberSummary | null;
  readonly histogram: readonly HistogramBin[];
  readonly dates: DateSummary | null;
}

const MOST_VALUES = 30;
const BINS = 20;

/** `value` is SQL over the staged rows; `label` is SQL of 1, 0 or NULL. */
export async function measureContent(
  engine: Engine,
  kind: ColumnKind,
  value: string,
  label: string,
): Promise<ColumnContent> {
  await engine.execute(
    `CREATE OR REPLACE TEMPORARY TABLE holdfast_profile_values AS
     SELECT ${value} AS value, count(*) AS n, count(${label}) AS labelled,
       CAST(coalesce(sum(${label}), 0) AS BIGINT) AS positives
     FROM ${STAGED} GROUP BY 1`,
  );
  const [counted] = await engine.rows(
    `SELECT count(*) AS distinct_values, CAST(coalesce(sum(n), 0) AS BIGINT) AS present
     FROM holdfast_profile_values WHERE value IS NOT NULL`,
  );
  const values = await engine.rows(
    `SELECT CAST(value AS VARCHAR) AS value, n, labelled, positives FROM holdfast_profile_values
     WHERE value IS NOT NULL ORDER BY n DESC, value LIMIT ${String(MOST_VALUES)}`,
  );
  const numbers = kind === 'numeric' ? await summaryOf(engine) : null;
  return {
    present: Number(counted?.['present'] ?? 0),
    distinct: Number(counted?.['distinct_values'] ?? 0),
    values: values.map((row) => ({
      value: textOf(row['value']),
      rows: Number(row['n']),
      labelled: Number(row['labelled']),
      positives: Number(row['positives']),
    })),
    numbers,
    histogram: numbers === null ? [] : await binsOf(engine, numbers),
    dates: kind === 'date' ? await datesOf(engine) : null,
  };
}

async function summaryOf(engine: Engine): Promise<NumberSummary | null> {
  const [row] = await engine.rows(
    `WITH ordered AS (
       SELECT CAST(value AS DOUBLE) AS value, n,
         sum(n) OVER (ORDER BY value ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS up_to,
         sum(n) OVER () AS total
       FROM holdfast_profile_values WHERE value IS NOT NULL
     )
     SELECT min(value) AS least, max(value) AS most, sum(value * n) / sum(n) AS mean,
       sqrt(greatest(0, sum(value * value * n) / sum(n) - power(sum(value * n) / sum(n), 2))) AS deviation,
       ${[0.01, 0.25, 0.5, 0.75, 0.99].map((share, index) => `min(value) FILTER (WHERE up_to >= total * ${String(share)}) AS q${String(index)}`).join(', ')},
       bool_and(value = floor(value)) AS is_whole
     FROM ordered`,
  );
  if (row?.['least'] === null || row === undefined) return null;
  return {
    least: Number(row['least']),
    most: Number(row['most']),
    mean: Number(row['mean']),
    deviation: Number(row['deviation']),
    quantiles: [0, 1, 2, 3, 4].map((index) => Number(row[`q${String(index)}`])),
    isWhole: row['is_whole'] === true,
  };
}

async function binsOf(engine: Engine, { quantiles, isWhole }: NumberSummary): Promise<HistogramBin[]> {
  const from = quantiles[0] ?? 0;
  const to = quantiles[4] ?? 0;
  if (!(to > from)) return [];
  // Whole numbers over a short range get a bin each: half-filled bins would draw a comb.
  const bins = isWhole && to - from < BINS ? to - from + 1 : BINS;
  const step = isWhole && to - from < BINS ? 1 : (to - from) / bins;
  const rows = await engine.rows(
    `SELECT CAST(least(greatest(floor((CAST(value AS DOUBLE) - ${String(from)}) / ${String(step)}), 0), ${String(bins - 1)}) AS INTEGER) AS bin,
       CAST(sum(n) AS BIGINT) AS n, CAST(sum(labelled) AS BIGINT) AS labelled, CAST(sum(positives) AS BIGINT) AS positives
     FROM holdfast_profile_values WHERE value IS NOT NULL GROUP BY 1`,
  );
  const found = new Map(rows.map((row) => [Number(row['bin']), row]));
  return Array.from({ length: bins }, (_, bin) => ({
    from: from + bin * step,
    to: from + (bin + 1) * step,
    rows: Number(found.get(bin)?.['n'] ?? 0),
    labelled: Number(found.get(bin)?.['labelled'] ?? 0),
    positives: Number(found.get(bin)?.['positives'] ?? 0),
  }));
}

async function datesOf(engine: Engine): Promise<DateSummary | null> {
  const rows = await engine.rows(
    `SELECT substr(CAST(value AS VARCHAR), 1, 7) AS month, CAST(sum(n) AS BIGINT) AS n,
       CAST(min(value) AS VARCHAR) AS first_day, CAST(max(value) AS VARCHAR) AS last_day
     FROM holdfast_profile_values WHERE value IS NOT NULL GROUP BY 1 ORDER BY 1`,
  );
  const [first] = rows;
  const last = rows.at(-1);
  if (first === undefined || last === undefined) return null;
  return {
    first: textOf(first['first_day']),
    last: textOf(last['last_day']),
    months: rows.map((row) => ({ month: textOf(row['month']), rows: Number(row['n']) })),
  };
}
