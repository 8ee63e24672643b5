/**
 * Sample rows of a model: rows that it did not learn from, with what the table has of them before cleaning and coding,
 * so that the whole way from a row to a probability can be compared with what it was in training.
 */
import { applyCalibrator, type Calibrator } from '../domain/index.ts';
import { type Engine, textOf, type Value } from '../engine/index.ts';
import type { FeatureMatrix } from '../learner/index.ts';
import {
  encodeRow,
  type FeatureEncoding,
  isEncodedAs,
  type SampleRow,
  type SampleValue,
} from '../model/index.ts';
import { anyRowsIn, type HorizonColumns, type TrainingMatrix } from './training-matrix.ts';

/** A row of the training matrix, with the values of its features as the table has them. */
export interface SampleSource {
  readonly row: number;
  readonly features: Readonly<Record<string, SampleValue>>;
}

/** Where the rows of the matrix came from. */
export interface SampleTable {
  readonly table: string;
  readonly key: string;
  readonly horizons: readonly Pick<HorizonColumns, 'split'>[];
  readonly encoding: FeatureEncoding;
}

/** So many evenly spaced rows, and one more for each feature that none of them misses and another row does. */
const SAMPLES = 10;

/**
 * Chooses sample rows among those of validation and test, and reads them. A row that JSON cannot hold (a number that
 * is not finite) is left out.
 */
export async function readSampleRows(
  engine: Engine,
  source: SampleTable,
  matrix: TrainingMatrix,
): Promise<SampleSource[]> {
  const candidates = anyRowsIn(matrix.horizons);
  const count = Math.min(SAMPLES, candidates.length);
  const spaced = Array.from(
    { length: count },
    (_, sample) => candidates[Math.floor((sample * candidates.length) / count)] as number,
  );
  const missing = [
    ...missingInMatrix(matrix.features, candidates),
    ...(await missingBeforeCleaning(engine, source)),
  ];
  const read = await readRows(engine, source, [...new Set([...spaced, ...missing])]);
  const usable = read.filter(
    ({ row, features }) =>
      Object.values(features).every((value) => typeof value !== 'number' || Number.isFinite(value)) &&
      isEncodedAs(encodeRow(source.encoding, features), rowValues(matrix.features, row)),
  );
  const chosen = usable.filter(({ row }) => spaced.includes(row));
  const missed = new Set(chosen.flatMap(missedBy));
  for (const candidate of usable) {
    const more = missedBy(candidate).filter((name) => !missed.has(name));
    if (more.length === 0 && chosen.length >= SAMPLES) continue;
    if (chosen.includes(candidate)) continue;
    chosen.push(candidate);
    for (const name of more) missed.add(name);
  }
  return chosen.sort((a, b) => a.row - b.row);
}

/** The samples with what a model and its calibrator say; `rawScores` are of `evaluationRows`, ascending. */
export function scoredSamples(
  sources: readonly SampleSource[],
  matrix: FeatureMatrix,
  scored: { readonly evaluationRows: Uint32Array; readonly rawScores: Float64Array },
  calibrator: Calibrator,
): SampleRow[] {
  const raw = Float64Array.from(
    sources,
    ({ row }) => scored.rawScores[scored.evaluationRows.indexOf(row)] as number,
  );
  const probabilities = applyCalibrator(calibrator, raw);
  return sources.map(({ row, features }, index) => ({
    features,
    values: rowValues(matrix, row),
    raw: raw[index] as number,
    probability: probabilities[index] as number,
  }));
}

const missedBy = ({ features }: SampleSource): string[] =>
  Object.entries(features).flatMap(([name, value]) => (value === null ? [name] : []));

const rowValues = ({ data, rows, columns }: FeatureMatrix, row: number): (number | null)[] =>
  Array.from({ length: columns }, (_, column) => {
    const value = data[column * rows + row] as number;
    return Number.isNaN(value) ? null : value;
  });

/** The first candidate without a value, column by column. */
function missingInMatrix({ data, rows, columns }: FeatureMatrix, candidates: Uint32Array): number[] {
  return Array.from({ length: columns }, (_, column) =>
    candidates.find((row) => Number.isNaN(data[column * rows + row])),
  ).filter((row) => row !== undefined);
}

/** The same for features in whose columns of the matrix something stands for a missing value. */
async function missingBeforeCleaning(engine: Engine, source: SampleTable): Promise<number[]> {
  const filled = source.encoding.features.filter(({ cleaning }) => cleaning?.missing !== undefined);
  if (filled.length === 0) return [];
  const columns = filled.map(({ name }) => engine.identifier(name));
  const held = source.horizons.map(({ split }) => `${split} IN ('stop', 'calibrate', 'test')`).join(' OR ');
  const [first = {}] = await engine.rows(
    `SELECT ${columns.map((column, index) => `CAST(min(CASE WHEN ${column} IS NULL THEN ${PLACE} END) AS DOUBLE) AS missing_${String(index)}`).join(', ')} ` +
      `FROM ${numbered(engine, source, columns)} AS numbered WHERE ${held}`,
  );
  return Object.values(first).filter((value) => typeof value === 'number');
}

async function readRows(
  engine: Engine,
  source: SampleTable,
  rows: readonly number[],
): Promise<SampleSource[]> {
  if (rows.length === 0) return [];
  const key = engine.identifier(source.key);
  const features = source.encoding.features.filter(({ outlierOf }) => outlierOf === undefined);
  const columns = features.map(
    ({ name, type }, index) =>
      `CAST(rows.${engine.identifier(name)} AS ${type === 'numeric' ? 'DOUBLE' : 'STRING'}) AS feature_${String(index)}`,
  );
  const read = await engine.rows(
    `SELECT CAST(chosen.${PLACE} AS DOUBLE) AS ${PLACE}, ${columns.join(', ')} FROM ${source.table} AS rows ` +
      `JOIN (SELECT * FROM ${numbered(engine, source, [])} AS numbered WHERE ${PLACE} IN (${rows.join(', ')})) AS chosen ` +
      `ON chosen.${key} = rows.${key} AND chosen.observation_date = rows.observation_date ORDER BY chosen.${PLACE}`,
  );
  return read.map((row) => ({
    row: Number(row[PLACE]),
    features: Object.fromEntries(
      features.map(({ name }, index) => [name, sampleValue(row[`feature_${String(index)}`])]),
    ),
  }));
}

function sampleValue(value: Value | undefined): SampleValue {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  return typeof value === 'number' ? value : textOf(value);
}

/** Column that `numbered` adds. */
const PLACE = 'holdfast_place';

/** The rows of the matrix by their number in it, with the columns asked for. */
function numbered(engine: Engine, { table, key, horizons }: SampleTable, columns: readonly string[]): string {
  const name = engine.identifier(key);
  const splits = horizons.map(({ split }) => split);
  const selected = [...new Set([name, 'observation_date', ...splits, ...columns])];
  return (
    `(SELECT ${selected.join(', ')}, row_number() OVER (ORDER BY observation_date, ${name}) - 1 AS ${PLACE} ` +
    `FROM ${table} WHERE ${splits.map((split) => `${split} IS NOT NULL`).join(' OR ')})`
  );
}
