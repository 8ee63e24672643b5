/**
 * Features of single rows by the SQL that makes the feature table: the pack's files stand as views over a table of
 * the rows that are asked for, so that there is one definition of a feature and no second way to compute it.
 */
import { type Engine, type Row, textOf, type Value } from '../engine/index.ts';
import { HoldfastError, nearestWord } from '../kernel/index.ts';
import type { Pack } from '../pack/index.ts';
import { valueCast } from '../reader/index.ts';
import { ASKED_ROWS, AskedRows } from './asked-rows.ts';
import { keptRows } from './expectations.ts';
import { featureSelect } from './feature-table.ts';
import { defineUndatedViews } from './known.ts';
import { planRowLocal, type RowLocalPlan } from './row-local-plan.ts';

/** A row as it would be delivered: values by the columns of the source; null, or an empty text, is a missing one. */
export type RawRow = Readonly<Record<string, string | number | bigint | boolean | null>>;

export interface RowFeatures {
  /** The features of the contract in its order. */
  readonly values: Readonly<Record<string, Value>>;
  /** Columns whose value could not be read as the source's type, and is missing. */
  readonly unread: readonly string[];
}

export interface RowLocalFeatures extends AsyncDisposable {
  /** Columns of the source that a row must have, with their types; the key and the outcome are none of them. */
  readonly columns: Readonly<Record<string, string>>;
  /** Other columns of the source, with their types: a row may have them, and no feature is made of them. */
  readonly otherColumns: Readonly<Record<string, string>>;
  /** Column of the source that becomes the key, with its type. */
  readonly key: { readonly column: string; readonly type: string };
  /**
   * Features of rows, in their order; undefined for a row that a `drop` rule of the pack leaves out. HF203 names a
   * column that a row does not have. Calls wait for each other.
   */
  readonly features: (rows: readonly RawRow[]) => Promise<(RowFeatures | undefined)[]>;
}

/**
 * Prepares the features of single rows on an engine of its own, which the caller disposes. `observedOn` is the
 * observation date (`YYYY-MM-DD`). Throws as `planRowLocal` where features are not made of one row each.
 */
export async function openRowLocal(
  engine: Engine,
  pack: Pack,
  observedOn: string,
): Promise<RowLocalFeatures> {
  const plan = await planRowLocal(engine, pack);
  const asked = await AskedRows.open(engine, Object.keys(plan.source.columns));
  await defineBronze(engine, plan);
  let select = '';
  for (const { file } of plan.tables) {
    const isFeatures = file.table === pack.file.features.table;
    if (isFeatures) await defineUndatedViews(engine, pack, observedOn);
    const body = isFeatures ? await featureSelect(engine, pack, file) : file.text;
    const rows = keptRows(body, pack.expectations[file.table] ?? []);
    if (isFeatures) select = rows;
    else await defineView(engine, file.table, rows);
  }
  await asked.use(select);
  const { needed, keyColumn, source } = plan;
  const columns = Object.fromEntries(needed.map((name) => [name, source.columns[name] ?? '']));
  const otherColumns = Object.fromEntries(
    Object.entries(source.columns).filter(([name]) => name !== keyColumn && !needed.includes(name)),
  );
  let last: Promise<unknown> = Promise.resolve();
  const compute = async (rows: readonly RawRow[]): Promise<(RowFeatures | undefined)[]> => {
    for (const row of rows) requireColumns(plan, row);
    if (rows.length === 0) return [];
    const made = await asked.rowsOf(textColumns(plan, rows), rows.length);
    const unread = await unreadColumns(engine, plan, rows);
    const byPlace = new Map(made.map((row) => [textOf(row[pack.file.entity.key]), row]));
    return rows.map((_, place) => {
      const row = byPlace.get(String(place));
      return row === undefined
        ? undefined
        : { values: featuresOf(pack, row), unread: unread.get(place) ?? [] };
    });
  };
  return {
    columns,
    otherColumns,
    key: { column: keyColumn, type: source.columns[keyColumn] ?? '' },
    features(rows) {
      const result = last.then(() => compute(rows));
      last = result.catch(() => undefined);
      return result;
    },
    async [Symbol.asyncDispose]() {
      await last;
      await asked[Symbol.asyncDispose]();
    },
  };
}

const featuresOf = (pack: Pack, row: Row): Record<string, Value> =>
  Object.fromEntries(Object.keys(pack.features).map((name) => [name, row[name] ?? null]));

function requireColumns({ needed }: RowLocalPlan, row: RawRow): void {
  const absent = needed.filter((name) => row[name] === undefined);
  const [first] = absent;
  if (first === undefined) return;
  const near = nearestWord(first, Object.keys(row));
  throw new HoldfastError('HF203', {
    message: `column ${absent.join(', ')} is missing`,
    hint:
      near === undefined
        ? 'give every column, null where its value is not known'
        : `is it the column ${near}? name it ${first}`,
    place: { field: first },
  });
}

/** The rows column by column as texts, with the place of each row as its key. */
function textColumns(
  { source, keyColumn }: RowLocalPlan,
  rows: readonly RawRow[],
): Record<string, (string | null)[]> {
  return Object.fromEntries(
    Object.keys(source.columns).map((name) => [
      name,
      rows.map((row, place) => (name === keyColumn ? String(place) : asText(row[name], source.null_values))),
    ]),
  );
}

function asText(value: RawRow[string] | undefined, nullValues: readonly string[]): string | null {
  if (value === undefined || value === null) return null;
  const text = Object.is(value, -0) ? '-0.0' : String(value);
  return text === '' || nullValues.includes(text) ? null : text;
}

/** A text of a row as its column's type, as files are read: a fraction is no whole number. */
const valueOf = (engine: Engine, column: string, type: string): string =>
  valueCast(engine, column, type, true);

async function defineBronze(engine: Engine, { bronze, source }: RowLocalPlan): Promise<void> {
  const columns = Object.entries(source.columns).map(([name, type]) => {
    const column = engine.identifier(name);
    return `${valueOf(engine, column, type)} AS ${column}`;
  });
  await defineView(
    engine,
    bronze,
    `SELECT ${columns.join(', ')}, CAST(NULL AS TIMESTAMPTZ) AS _ingested_at, CAST(NULL AS STRING) AS _source_file FROM ${ASKED_ROWS}`,
  );
}

async function defineView(engine: Engine, table: string, select: string): Promise<void> {
  const [layer = '', name = ''] = table.split('.');
  await engine.execute(`CREATE SCHEMA IF NOT EXISTS ${engine.identifier(layer)}`);
  await engine.execute(
    `CREATE OR REPLACE VIEW ${engine.identifier(layer)}.${engine.identifier(name)} AS ${select}`,
  );
}

/** The columns of each row, by its place, whose text is none of the type; asked only where a text may be none. */
async function unreadColumns(
  engine: Engine,
  { source, keyColumn }: RowLocalPlan,
  rows: readonly RawRow[],
): Promise<Map<number, string[]>> {
  const typed = Object.entries(source.columns).filter(
    ([name, type]) =>
      type !== 'STRING' && name !== keyColumn && rows.some((row) => mayBeUnread(row[name], type)),
  );
  const unread = new Map<number, string[]>();
  if (typed.length === 0) return unread;
  const fails = typed.map(([name, type]) => {
    const column = engine.identifier(name);
    return `${column} IS NOT NULL AND ${valueOf(engine, column, type)} IS NULL`;
  });
  const selected = fails.map((fail, index) => `${fail} AS unread_${String(index)}`);
  const found = await engine.rows(
    `SELECT row_index, ${selected.join(', ')} FROM ${ASKED_ROWS} WHERE ${fails.map((fail) => `(${fail})`).join(' OR ')}`,
  );
  for (const row of found)
    unread.set(
      Number(row['row_index']),
      typed.flatMap(([name], index) => (row[`unread_${String(index)}`] === true ? [name] : [])),
    );
  return unread;
}

/** Numbers read as numbers, which most requests have: nothing needs to be asked of those. */
function mayBeUnread(value: RawRow[string] | undefined, type: string): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value !== 'number') return true;
  return !(type === 'DOUBLE' || ((type === 'INTEGER' || type === 'BIGINT') && (value | 0) === value));
}
