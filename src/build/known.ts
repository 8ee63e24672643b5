/**
 * The views that feature SQL reads: `known.spine` (entity, observation_date) and `known.<table>`, which
 * holds for each entity and observation date T the rows that were available strictly before T, and the
 * snapshot of T itself. Feature SQL cannot see the future because it cannot name it.
 */
import type { Column, Engine } from '../engine/index.ts';
import { HoldfastError } from '../kernel/index.ts';
import type { KnownTable, Pack } from '../pack/index.ts';

export const OBSERVATION_DATE = 'observation_date';

/** Lake tables behind each `known.<name>`, for the order of tables and the versions of inputs. */
export function knownSources(pack: Pack): Map<string, readonly string[]> {
  const { time, undated } = pack.file;
  const sources = new Map<string, readonly string[]>();
  if (undated !== undefined) {
    sources.set('known.spine', [undated.table]);
    sources.set(`known.${shortName(undated.table)}`, [undated.table]);
  }
  if (time !== undefined) {
    sources.set('known.spine', [time.spine.table]);
    sources.set(`known.${shortName(time.spine.table)}`, [time.spine.table]);
    for (const [name, known] of Object.entries(time.known))
      sources.set(`known.${name}`, [...new Set([known.table, time.spine.table])]);
  }
  return sources;
}

/**
 * Where the entities and observation dates come from: all snapshots, or a file of (entity, date) for
 * historical retrieval, each with the date of the snapshot that counts for it.
 */
export interface SpineSource {
  /** SELECT yielding (entity key, observation_date, snapshot_date). */
  readonly select: string;
}

/** The spine of all snapshots of a dated pack. */
export function snapshotSpine(engine: Engine, pack: Pack): SpineSource {
  const { time } = pack.file;
  if (time === undefined)
    throw new HoldfastError('HF105', { message: 'the pack has no snapshots with dates' });
  const key = engine.identifier(pack.file.entity.key);
  const date = `CAST(${engine.identifier(time.spine.date)} AS DATE)`;
  return {
    select: `SELECT ${key}, ${date} AS ${OBSERVATION_DATE}, ${date} AS snapshot_date FROM ${time.spine.table}`,
  };
}

/**
 * Entities by number, in the order of their keys. Keys are often long texts: within the views an entity is
 * its number, which makes joins and groups over millions of rows several times lighter.
 */
export const ENTITIES = 'holdfast_entities_by_number';
const SPINE = 'holdfast_spine';

/** Defines the views of a dated pack. The lake tables behind them must be attached. */
export async function defineKnownViews(engine: Engine, pack: Pack, spine: SpineSource): Promise<void> {
  const { time } = pack.file;
  if (time === undefined) throw new HoldfastError('HF105', { message: 'the pack has no time section' });
  const key = engine.identifier(pack.file.entity.key);
  await engine.execute(
    `CREATE OR REPLACE TEMPORARY TABLE ${ENTITIES} AS
     SELECT ${key}, CAST(row_number() OVER (ORDER BY ${key}) AS INTEGER) AS entity_number
     FROM (SELECT DISTINCT ${key} FROM (${spine.select}) AS spine WHERE ${key} IS NOT NULL) AS entities`,
  );
  await engine.execute(
    `CREATE OR REPLACE TEMPORARY TABLE ${SPINE} AS
     SELECT entities.entity_number AS ${key}, spine.${OBSERVATION_DATE}, spine.snapshot_date
     FROM (${spine.select}) AS spine JOIN ${ENTITIES} AS entities ON entities.${key} = spine.${key}`,
  );
  await engine.execute('CREATE SCHEMA IF NOT EXISTS known');
  await engine.execute(
    `CREATE OR REPLACE VIEW known.spine AS SELECT ${key}, ${OBSERVATION_DATE} FROM ${SPINE}`,
  );
  const snapshotColumns = await columnsOf(engine, time.spine.table, key);
  const date = engine.identifier(time.spine.date);
  await engine.execute(
    `CREATE OR REPLACE VIEW known.${engine.identifier(shortName(time.spine.table))} AS
     SELECT spine.${key}, spine.${OBSERVATION_DATE}, ${snapshotColumns.map((name) => `t.${name}`).join(', ')}
     FROM ${SPINE} AS spine
     JOIN ${numbered(key, time.spine.table, [date, ...snapshotColumns])} AS t
       ON t.entity_number = spine.${key} AND CAST(t.${date} AS DATE) = spine.snapshot_date`,
  );
  for (const [name, known] of Object.entries(time.known)) {
    const columns = await columnsOf(engine, known.table, key);
    await engine.execute(
      `CREATE OR REPLACE VIEW known.${engine.identifier(name)} AS ${knownSelect(engine, key, known, columns)}`,
    );
  }
}

/** A lake table with its entities' numbers; rows of entities that the spine does not have fall out. */
function numbered(key: string, table: string, columns: readonly string[]): string {
  const selected = [...new Set(columns)].map((name) => `lake.${name}`).join(', ');
  return `(SELECT entities.entity_number, ${selected} FROM ${table} AS lake JOIN ${ENTITIES} AS entities ON entities.${key} = lake.${key})`;
}

/** Rows of each known table whose entity has no snapshot, where there are any: the views must be defined. */
export async function rowsOutsideSpine(
  engine: Engine,
  pack: Pack,
): Promise<{ name: string; rows: number }[]> {
  const key = engine.identifier(pack.file.entity.key);
  const outside: { name: string; rows: number }[] = [];
  for (const { table } of Object.values(pack.file.time?.known ?? {})) {
    const [counted] = await engine.rows(
      `SELECT count(*) AS n FROM ${table} AS lake
       LEFT JOIN ${ENTITIES} AS entities ON entities.${key} = lake.${key}
       WHERE entities.entity_number IS NULL`,
    );
    const rows = Number(counted?.['n'] ?? 0);
    if (rows > 0) outside.push({ name: table, rows });
  }
  return outside;
}

/** One row an entity, observation date and source row that was available strictly before that date. */
function knownSelect(engine: Engine, key: string, known: KnownTable, columns: readonly string[]): string {
  const date = `t.${engine.identifier(known.date)}`;
  const available =
    known.available_at === undefined
      ? date
      : // An event cannot be known before it happens, whatever the column says.
        `greatest(${date}, coalesce(t.${engine.identifier(known.available_at)}, ${date}))`;
  const selected = columns.map((column) => {
    const filled = Object.entries(known.columns_available_at).find(
      ([name]) => engine.identifier(name) === column,
    );
    return filled === undefined
      ? `t.${column}`
      : `CASE WHEN CAST(t.${engine.identifier(filled[1])} AS DATE) < spine.${OBSERVATION_DATE} THEN t.${column} END AS ${column}`;
  });
  return `
    SELECT spine.${key}, spine.${OBSERVATION_DATE}, ${selected.join(', ')}
    FROM known.spine AS spine
    JOIN ${numbered(key, known.table, columns)} AS t ON t.entity_number = spine.${key}
      AND CAST(${available} AS DATE) < spine.${OBSERVATION_DATE}${lookback(known, date)}`;
}

function lookback(known: KnownTable, date: string): string {
  if (known.lookback === 'all') return '';
  const earliest =
    'days' in known.lookback
      ? `add_days(spine.${OBSERVATION_DATE}, -${String(known.lookback.days)})`
      : `add_calendar_months(month_start(spine.${OBSERVATION_DATE}), -${String(known.lookback.months)})`;
  return `\n      AND CAST(${date} AS DATE) >= ${earliest}`;
}

/** Defines the views of an undated pack: the rows as they are, without the target, observed on one day. */
export async function defineUndatedViews(engine: Engine, pack: Pack, observedOn: string): Promise<void> {
  const { undated } = pack.file;
  if (undated === undefined) throw new HoldfastError('HF105', { message: 'the pack has no undated section' });
  const key = engine.identifier(pack.file.entity.key);
  const target = engine.identifier(undated.target.column);
  const split = undated.split.method === 'column' ? engine.identifier(undated.split.column) : undefined;
  const columns = (await columnsOf(engine, undated.table, key)).filter(
    (name) => name !== target && name !== split,
  );
  const date = `CAST(${engine.literal(observedOn)} AS DATE) AS ${OBSERVATION_DATE}`;
  await engine.execute('CREATE SCHEMA IF NOT EXISTS known');
  await engine.execute(`CREATE OR REPLACE VIEW known.spine AS SELECT ${key}, ${date} FROM ${undated.table}`);
  await engine.execute(
    `CREATE OR REPLACE VIEW known.${engine.identifier(shortName(undated.table))} AS
     SELECT ${[key, date, ...columns].join(', ')} FROM ${undated.table}`,
  );
}

/** Quoted names of a table's columns other than the key. */
async function columnsOf(engine: Engine, table: string, key: string): Promise<string[]> {
  const columns: Column[] = await engine.describe(`SELECT * FROM ${table}`);
  const names = columns.map(({ name }) => engine.identifier(name)).filter((name) => name !== key);
  if (names.includes(engine.identifier(OBSERVATION_DATE)))
    throw new HoldfastError('HF402', {
      message: `${table} has a column ${OBSERVATION_DATE}, which known views add themselves`,
      hint: 'rename the column in the SQL that makes the table',
      place: { field: table },
    });
  return names;
}

function shortName(table: string): string {
  return table.slice(table.indexOf('.') + 1);
}
