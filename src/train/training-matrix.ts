import type { Engine, NumericTable } from '../engine/index.ts';
import type { FeatureMatrix } from '../learner/index.ts';
import { type FeatureEncoding, matrixSelect } from '../model/index.ts';

/** Codes of the split columns in the matrix. */
export const SPLIT = { train: 0, stop: 1, calibrate: 2, test: 3 } as const;
export type SplitName = keyof typeof SPLIT;
const SPLIT_NAMES = Object.keys(SPLIT) as readonly SplitName[];

/** Labels and splits of one horizon on the rows of the matrix. */
export interface HorizonRows {
  readonly days: number;
  /** 0 or 1; meaningless where the row has no split. */
  readonly labels: Float32Array;
  /** Code of SPLIT, or 255 for rows that are left out. */
  readonly splits: Uint8Array;
}

/** All rows that belong to a split of some horizon, ordered by observation date and key. */
export interface TrainingMatrix {
  readonly features: FeatureMatrix;
  readonly horizons: readonly HorizonRows[];
  /** A number for each row's entity, from 0 in the order of keys. */
  readonly entities: Uint32Array;
  /** Observation date of each row, in days since 1970-01-01. */
  readonly days: Int32Array;
  /** Values of the extra expressions, row by row. */
  readonly extra: readonly Float64Array[];
}

export interface HorizonColumns {
  readonly days: number;
  readonly label: string;
  readonly split: string;
}

export const LEFT_OUT = 255;

/**
 * Reads the training set as one matrix, so that horizons share its memory. `expressions` are numeric SQL over
 * the columns of the table; `splits`, all by default, are those that a row must be in at some horizon.
 */
export async function loadTrainingMatrix(
  engine: Engine,
  encoding: FeatureEncoding,
  table: string,
  key: string,
  horizons: readonly HorizonColumns[],
  expressions: readonly string[] = [],
  splits: readonly SplitName[] = SPLIT_NAMES,
): Promise<TrainingMatrix> {
  const extra = [
    `CAST(rows.${ENTITY} AS DOUBLE) AS ${ENTITY}`,
    `CAST(days_between(CAST('1970-01-01' AS DATE), rows.observation_date) AS DOUBLE) AS holdfast_day`,
    ...horizons.flatMap(({ label, split }) => [
      `CAST(rows.${label} AS DOUBLE) AS ${label}`,
      `CAST(CASE rows.${split} ${Object.entries(SPLIT)
        .map(([name, code]) => `WHEN '${name}' THEN ${String(code)}`)
        .join(' ')} END AS DOUBLE) AS ${split}`,
    ]),
    ...expressions.map(
      (expression, index) => `CAST(${expression} AS DOUBLE) AS holdfast_extra_${String(index)}`,
    ),
  ];
  const loaded = await engine.numeric(
    matrixSelect(engine, encoding, {
      table: withEntities(engine, table, key),
      extra,
      where: horizons
        .map(({ split }) => `rows.${split} IN (${splits.map((name) => `'${name}'`).join(', ')})`)
        .join(' OR '),
      orderBy: `rows.observation_date, rows.${engine.identifier(key)}`,
    }),
  );
  const width = encoding.features.length;
  return {
    features: { rows: loaded.rows, columns: width, data: loaded.data.subarray(0, loaded.rows * width) },
    horizons: horizons.map(({ days }, index) => ({
      days,
      labels: Float32Array.from(column(loaded, width + 2 + 2 * index)),
      splits: Uint8Array.from(column(loaded, width + 3 + 2 * index), (code) =>
        Number.isNaN(code) ? LEFT_OUT : code,
      ),
    })),
    entities: Uint32Array.from(column(loaded, width)),
    days: Int32Array.from(column(loaded, width + 1)),
    extra: expressions.map((_, index) => column(loaded, width + 2 + 2 * horizons.length + index)),
  };
}

/** Column that `withEntities` adds. */
const ENTITY = 'holdfast_entity';

/** The table with a number for each entity, so that rows of one can be told to be alike. */
function withEntities(engine: Engine, table: string, key: string): string {
  const column = engine.identifier(key);
  return (
    `(SELECT known.*, numbered.${ENTITY} FROM ${table} AS known JOIN (` +
    `SELECT ${column} AS key, row_number() OVER (ORDER BY ${column}) - 1 AS ${ENTITY} ` +
    `FROM (SELECT DISTINCT ${column} FROM ${table}) AS entities) AS numbered ON numbered.key = known.${column})`
  );
}

const column = (table: NumericTable, index: number): Float64Array =>
  table.data.subarray(index * table.rows, (index + 1) * table.rows);

/** Indexes of the rows of a horizon that are in one of the splits, ascending. */
export function rowsIn(horizon: HorizonRows, ...names: readonly SplitName[]): Uint32Array {
  const codes = new Set<number>(names.map((name) => SPLIT[name]));
  let count = 0;
  for (const code of horizon.splits) if (codes.has(code)) count++;
  const rows = new Uint32Array(count);
  let next = 0;
  for (let row = 0; row < horizon.splits.length; row++)
    if (codes.has(horizon.splits[row] as number)) rows[next++] = row;
  return rows;
}

/** The given rows of a matrix as a matrix of their own. */
export function takeRows(matrix: FeatureMatrix, rows: Uint32Array): FeatureMatrix {
  const data = new Float64Array(new SharedArrayBuffer(rows.length * matrix.columns * 8));
  for (let index = 0; index < matrix.columns; index++) {
    const from = index * matrix.rows;
    const to = index * rows.length;
    for (let row = 0; row < rows.length; row++)
      data[to + row] = matrix.data[from + (rows[row] as number)] as number;
  }
  return { rows: rows.length, columns: matrix.columns, data };
}

/** Rows that are in a validation or test split of some horizon, ascending. */
export function anyRowsIn(horizons: readonly HorizonRows[]): Uint32Array {
  const length = horizons[0]?.splits.length ?? 0;
  const rows: number[] = [];
  for (let row = 0; row < length; row++) {
    if (horizons.some(({ splits }) => isEvaluation(splits[row] as number))) rows.push(row);
  }
  return Uint32Array.from(rows);
}

const isEvaluation = (code: number): boolean =>
  code === SPLIT.stop || code === SPLIT.calibrate || code === SPLIT.test;
