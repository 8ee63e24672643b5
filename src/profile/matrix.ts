/** A sample of the rows as numbers, for what compares columns: separation, correlation, copies. */
import type { ColumnKind } from '../domain/index.ts';
import type { Engine } from '../engine/index.ts';
import { STAGED } from './staged-rows.ts';

export interface MatrixColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** SQL of the value over the staged rows. */
  readonly value: string;
}

/** One sampled column: numbers, days since 1970 for dates, codes from 0 for everything else; NaN where missing. */
export interface SampledColumn extends MatrixColumn {
  readonly values: Float64Array;
}

export interface Sample {
  /** 1, 0, or NaN where the label is unknown. */
  readonly labels: Float64Array;
  /** 0 or 1, evenly and the same every time. */
  readonly folds: Uint8Array;
  readonly columns: readonly SampledColumn[];
}

const MOST_ROWS = 40_000;
/** Columns a statement: window functions of many more make plans that take longer than the work. */
const BATCH = 40;

/** Reads a sample; with the `key` column also its orders. `label` is SQL of 1, 0 or NULL. */
export async function loadSample(
  engine: Engine,
  rows: number,
  columns: readonly MatrixColumn[],
  { label, key }: { readonly label: string; readonly key?: string },
): Promise<{ readonly sample: Sample; readonly orders: readonly Float64Array[] }> {
  const share = Math.min(1, MOST_ROWS / Math.max(1, rows));
  const where = share === 1 ? 'true' : `hash(row_index) % 1000000 < ${String(Math.floor(share * 1e6))}`;
  await engine.execute(
    `CREATE OR REPLACE TEMPORARY TABLE holdfast_profile_sample AS SELECT *, ${label} AS holdfast_label FROM ${STAGED} WHERE ${where} ORDER BY row_index`,
  );
  const head = await engine.numeric(
    `SELECT CAST(holdfast_label AS DOUBLE) AS label, CAST(hash(row_index) % 2 AS DOUBLE) AS fold FROM holdfast_profile_sample ORDER BY row_index`,
  );
  const sampled: SampledColumn[] = [];
  for (let start = 0; start < columns.length; start += BATCH) {
    const batch = columns.slice(start, start + BATCH);
    const selected = batch.map(({ kind, value }, index) => `${numberOf(kind, value)} AS v${String(index)}`);
    const loaded = await engine.numeric(
      `SELECT ${selected.join(', ')} FROM holdfast_profile_sample ORDER BY row_index`,
    );
    for (const [index, column] of batch.entries())
      sampled.push({
        ...column,
        values: loaded.data.slice(index * loaded.rows, (index + 1) * loaded.rows),
      });
  }
  const orders = key === undefined ? [] : await keyOrders(engine, key);
  await engine.execute('DROP TABLE IF EXISTS holdfast_profile_sample');
  const sample = {
    labels: head.data.slice(0, head.rows),
    folds: Uint8Array.from(head.data.subarray(head.rows, 2 * head.rows)),
    columns: sampled,
  };
  return { sample, orders };
}

/** The place of each row's key among the keys, as text and as a number. */
async function keyOrders(engine: Engine, key: string): Promise<Float64Array[]> {
  const { data, rows } = await engine.numeric(
    `SELECT CAST(dense_rank() OVER (ORDER BY ${key}) AS DOUBLE) AS by_text,
       CAST(dense_rank() OVER (ORDER BY length(${key}), ${key}) AS DOUBLE) AS by_number
     FROM holdfast_profile_sample ORDER BY row_index`,
  );
  return [data.slice(0, rows), data.slice(rows, 2 * rows)];
}

function numberOf(kind: ColumnKind, value: string): string {
  if (kind === 'numeric') return `CAST(${value} AS DOUBLE)`;
  if (kind === 'date') return `CAST(days_between(CAST('1970-01-01' AS DATE), ${value}) AS DOUBLE)`;
  return `CASE WHEN ${value} IS NULL THEN NULL ELSE CAST(dense_rank() OVER (ORDER BY ${value} NULLS LAST) - 1 AS DOUBLE) END`;
}
