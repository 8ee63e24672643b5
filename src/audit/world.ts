/**
 * A small world to rebuild features in: all raw rows of some entities, in an engine of its own, where the
 * bronze tables can be views that leave rows out or change them. Nothing of the lake is touched.
 */
import path from 'node:path';
import { mkdir } from 'node:fs/promises';
import type { Column, ColumnSource, Engine } from '../engine/index.ts';
import { textOf } from '../engine/index.ts';
import { HoldfastError } from '../kernel/index.ts';
import type { Pack } from '../pack/index.ts';
import { type AuditedTable, bronzeSources, type Origins } from './origins.ts';

/** A raw table as it lies in the world. */
export interface WorldSource {
  readonly table: string;
  /** Columns of the bronze table. */
  readonly columns: readonly Column[];
  /** Column with the entity's key; without it all rows are there. */
  readonly key: string | undefined;
  /** Column with the date of the row; without it the rows stay as they are. */
  readonly date: string | undefined;
  readonly role: 'snapshot' | 'event' | 'other';
  /** Dates that every row has and that never lie before the row's own: when it arrived, or ended. */
  readonly arrivals: readonly string[];
  /** Other dates of a row, which may be filled in later, with the columns that are filled in with them. */
  readonly later: readonly { readonly column: string; readonly with: readonly string[] }[];
  /** Columns of text whose values are numbers. */
  readonly numberTexts: ReadonlySet<string>;
  /** Some values of each other text column, for swapping. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  readonly rows: number;
}

export interface World {
  readonly engine: Engine;
  readonly sources: readonly WorldSource[];
  readonly entities: number;
  readonly notes: readonly string[];
}

export interface WorldParts {
  /** Engine with the bronze tables attached. */
  readonly engine: Engine;
  /** An engine of its own, empty. */
  readonly scratch: Engine;
  readonly pack: Pack;
  readonly origins: Origins;
  readonly tables: readonly AuditedTable[];
  readonly entities: number;
  readonly seed: number;
  /** Folder for the rows on their way; the caller removes it. */
  readonly folder: string;
}

/** Schema of the tables that hold the rows as they are. */
export const GIVEN = 'holdfast_given';
/** Columns that the tables of GIVEN have beside their own: date of the row, its number, and 0 or 1 by entity. */
export const ROW_DATE = 'holdfast_row_date';
export const ROW_NUMBER = 'holdfast_row_number';
export const ROW_HALF = 'holdfast_row_half';
/** Table of the sampled entities: `key` trimmed, `raw` as one raw table spells it, `number` from 0. */
export const ENTITIES = 'holdfast_audit_entities';

/** Below this probability it is no chance that a column is missing wherever a date is. */
const CHANCE = 0.001;
const MOST_VALUES = 12;

/** Takes a sample of entities, half of them with the event where there are so many, and all their raw rows. */
export async function openWorld(parts: WorldParts): Promise<World> {
  const { engine, scratch, pack, origins } = parts;
  const tables = [...new Set(parts.tables.flatMap(({ inputs }) => inputs))].filter((name) =>
    name.startsWith('bronze.'),
  );
  const described = new Map<string, Column[]>();
  for (const table of tables) described.set(table, await engine.describe(`SELECT * FROM ${table}`));
  const keys = keyColumns(pack, origins, described);
  const entities = await sampleEntities(parts, keys);
  await scratch.execute(`CREATE SCHEMA IF NOT EXISTS ${GIVEN}; CREATE SCHEMA IF NOT EXISTS bronze`);
  await bring(
    parts,
    ENTITIES,
    `SELECT * FROM ${ENTITIES}`,
    await engine.describe(`SELECT * FROM ${ENTITIES}`),
  );
  await scratch.execute(`CREATE TABLE ${ENTITIES} AS SELECT * FROM holdfast_files.${ENTITIES}`);
  const notes: string[] = [];
  const sources: WorldSource[] = [];
  for (const [table, columns] of described) {
    const source = await load(parts, table, columns, keys.get(table));
    sources.push(source);
    if (pack.file.time !== undefined && source.date === undefined)
      notes.push(
        `${table} has no column that can be read as a date: its rows were neither deleted nor changed`,
      );
    if (source.rows === 0) notes.push(`${table} has no rows of the entities drawn`);
  }
  return { engine: scratch, sources, entities, notes };
}

/** The column of each raw table that the entity's key comes from. */
function keyColumns(
  pack: Pack,
  origins: Origins,
  described: ReadonlyMap<string, readonly Column[]>,
): Map<string, string> {
  const { time, undated, entity } = pack.file;
  const tables = [
    ...(undated === undefined ? [] : [undated.table]),
    ...(time === undefined
      ? []
      : [time.spine.table, time.event.table, ...Object.values(time.known).map(({ table }) => table)]),
  ];
  const found = new Map<string, string>();
  for (const table of tables)
    for (const source of bronzeSources(origins, table, entity.key))
      if (!found.has(source.table)) found.set(source.table, source.column);
  for (const [table, columns] of described)
    if (!found.has(table) && columns.some(({ name }) => name === entity.key)) found.set(table, entity.key);
  return found;
}

const keyText = (column: string): string => `trim(CAST(${column} AS STRING))`;

async function sampleEntities(parts: WorldParts, keys: ReadonlyMap<string, string>): Promise<number> {
  const { engine, pack, origins, seed } = parts;
  const { time, undated, entity } = pack.file;
  const base = time?.spine.table ?? undated?.table ?? '';
  const source = bronzeSources(origins, base, entity.key)[0];
  if (source === undefined)
    throw new HoldfastError('HF402', {
      message: `the audit cannot see which raw column ${entity.key} of ${base} comes from`,
      hint: 'select the key by its name in the SQL of the table',
      place: { field: base },
    });
  const key = keyText(engine.identifier(source.column));
  const event =
    time === undefined ? undefined : bronzeSources(origins, time.event.table, time.event.placed)[0]?.table;
  const eventKey = event === undefined ? undefined : keys.get(event);
  const eventful =
    event === undefined || eventKey === undefined
      ? 'SELECT NULL AS key WHERE false'
      : `SELECT DISTINCT ${keyText(engine.identifier(eventKey))} AS key FROM ${event}`;
  const half = Math.ceil(parts.entities / 2);
  await engine.execute(
    `CREATE OR REPLACE TEMPORARY TABLE ${ENTITIES} AS
     WITH candidates AS (
       SELECT ${key} AS key, min(${engine.identifier(source.column)}) AS raw
       FROM ${source.table} WHERE ${engine.identifier(source.column)} IS NOT NULL GROUP BY 1
     ),
     eventful AS (${eventful}),
     drawn AS (
       SELECT candidates.key, candidates.raw, eventful.key IS NOT NULL AS has_event,
         md5(${engine.literal(`${String(seed)}:`)} || candidates.key) AS place
       FROM candidates LEFT JOIN eventful ON eventful.key = candidates.key
     ),
     placed AS (
       SELECT *, row_number() OVER (PARTITION BY has_event ORDER BY place, key) AS position FROM drawn
     ),
     taken AS (
       SELECT key, raw, row_number() OVER (
         ORDER BY CASE WHEN has_event AND position <= ${String(half)} THEN 0 ELSE 1 END, place, key
       ) - 1 AS number
       FROM placed
     )
     SELECT key, raw, CAST(number AS BIGINT) AS number FROM taken WHERE number < ${String(parts.entities)}`,
  );
  const [counted] = await engine.rows(`SELECT count(*) AS n FROM ${ENTITIES}`);
  return Number(counted?.['n'] ?? 0);
}

/** Brings the rows of a SELECT from the lake's engine to the other one, as the view `holdfast_files.<name>`. */
async function bring(
  parts: WorldParts,
  name: string,
  select: string,
  columns: readonly Column[],
): Promise<void> {
  const folder = path.join(parts.folder, name);
  await mkdir(folder, { recursive: true });
  const files = await parts.engine.writeParquet(select, folder);
  const read = files.map((file) => ({ path: path.join(folder, file.path), partition: {} }));
  await parts.scratch.defineView(`holdfast_files.${name}`, read, columns, []);
}

async function load(
  parts: WorldParts,
  table: string,
  columns: readonly Column[],
  key: string | undefined,
): Promise<WorldSource> {
  const { engine, scratch } = parts;
  const name = table.slice('bronze.'.length);
  const quoted = key === undefined ? undefined : engine.identifier(key);
  await bring(
    parts,
    name,
    quoted === undefined
      ? `SELECT * FROM ${table}`
      : `SELECT t.* FROM ${table} AS t WHERE ${keyText(`t.${quoted}`)} IN (SELECT key FROM ${ENTITIES})`,
    columns,
  );
  const all = columns.map((column) => engine.identifier(column.name)).join(', ');
  const half = quoted === undefined ? '0' : halfOf(keyText(quoted));
  const view = `holdfast_files.${engine.identifier(name)}`;
  const dates = await dateColumns(scratch, view, columns);
  const date = rowDate(parts, table, dates);
  const given = `${GIVEN}.${engine.identifier(name)}`;
  await scratch.execute(
    `CREATE TABLE ${given} AS SELECT *, ${date === undefined ? 'CAST(NULL AS DATE)' : dateOf(engine, columns, date)} AS ${ROW_DATE},
       row_number() OVER (ORDER BY ${all}) - 1 AS ${ROW_NUMBER}, ${half} AS ${ROW_HALF}
     FROM ${view}`,
  );
  const role = roleOf(parts, table);
  const others = role === 'snapshot' || date === undefined ? [] : dates.filter((column) => column !== date);
  const kinds = await laterDates(scratch, given, columns, others);
  const [counted] = await scratch.rows(`SELECT count(*) AS n FROM ${given}`);
  return {
    table,
    columns,
    key,
    date,
    role,
    ...kinds,
    ...(await textKinds(scratch, given, columns, [key, ...dates])),
    rows: Number(counted?.['n'] ?? 0),
  };
}

/** 0 or 1 by the text of a key. */
export const halfOf = (key: string): string =>
  `CASE WHEN substr(md5(${key}), 1, 1) IN ('0','2','4','6','8','a','c','e') THEN 0 ELSE 1 END`;

/** The date of a raw column, whatever it is written as. */
export function dateOf(engine: Engine, columns: readonly Column[], name: string): string {
  const type = columns.find((column) => column.name === name)?.type ?? '';
  const quoted = engine.identifier(name);
  return isText(type) ? `try_cast(trim(${quoted}) AS DATE)` : `CAST(${quoted} AS DATE)`;
}

export const isText = (type: string): boolean => /^(VARCHAR|STRING)/i.test(type);
const isDated = (type: string): boolean => /^(DATE|TIMESTAMP)/i.test(type);
const OWN = /^_(ingested_at|source_file)$/;

/** Columns with dates: by type, or texts nearly all of whose values are dates. */
async function dateColumns(engine: Engine, view: string, columns: readonly Column[]): Promise<string[]> {
  const own = columns.filter(({ name }) => !OWN.test(name));
  const texts = own.filter(({ type }) => isText(type));
  const counts = texts.map(({ name }, index) => {
    const quoted = engine.identifier(name);
    return `count(DISTINCT ${quoted}) AS all_${String(index)}, count(DISTINCT CASE WHEN try_cast(trim(${quoted}) AS DATE) IS NOT NULL THEN ${quoted} END) AS dates_${String(index)}`;
  });
  const [row] = texts.length === 0 ? [] : await engine.rows(`SELECT ${counts.join(', ')} FROM ${view}`);
  const dated = new Set(
    texts.flatMap(({ name }, index) => {
      const [all, dates] = [
        Number(row?.[`all_${String(index)}`] ?? 0),
        Number(row?.[`dates_${String(index)}`] ?? 0),
      ];
      return dates > 0 && dates >= (all - 1) * 0.9 ? [name] : [];
    }),
  );
  return own.filter(({ name, type }) => isDated(type) || dated.has(name)).map(({ name }) => name);
}

/** The column that dates a row: what the pack's dates come from, else the first column with dates. */
function rowDate({ pack, origins }: WorldParts, table: string, dates: readonly string[]): string | undefined {
  const { time } = pack.file;
  if (time === undefined) return undefined;
  const declared: ColumnSource[] = [
    { table: time.spine.table, column: time.spine.date },
    ...Object.values(time.known).map((known) => ({ table: known.table, column: known.date })),
    { table: time.event.table, column: time.event.placed },
  ];
  const traced = declared.flatMap(({ table: from, column }) => bronzeSources(origins, from, column));
  return traced.find((source) => source.table === table && dates.includes(source.column))?.column ?? dates[0];
}

function roleOf({ pack, origins }: WorldParts, table: string): WorldSource['role'] {
  const { time, undated } = pack.file;
  const from = (name: string, column: string): boolean =>
    bronzeSources(origins, name, column).some((source) => source.table === table);
  if (undated !== undefined) return from(undated.table, pack.file.entity.key) ? 'snapshot' : 'other';
  if (time === undefined) return 'other';
  if (from(time.spine.table, time.spine.date)) return 'snapshot';
  return from(time.event.table, time.event.placed) ? 'event' : 'other';
}

/** Sorts a row's other dates into arrivals and dates that are filled in later. */
async function laterDates(
  engine: Engine,
  given: string,
  columns: readonly Column[],
  others: readonly string[],
): Promise<Pick<WorldSource, 'arrivals' | 'later'>> {
  const arrivals: string[] = [];
  const later: { column: string; with: string[] }[] = [];
  const companions = columns.map(({ name }) => name).filter((name) => !OWN.test(name));
  for (const column of others) {
    const date = dateOf(engine, columns, column);
    const counts = companions.map((name, index) => {
      const quoted = engine.identifier(name);
      return `count(*) FILTER (WHERE ${date} IS NULL AND ${quoted} IS NOT NULL) AS before_${String(index)},
        count(*) FILTER (WHERE ${date} IS NOT NULL AND ${quoted} IS NOT NULL) AS after_${String(index)}`;
    });
    const [row] = await engine.rows(
      `SELECT count(*) AS n, count(${date}) AS filled, count(*) FILTER (WHERE ${date} < ${ROW_DATE}) AS early,
         ${counts.join(', ')} FROM ${given}`,
    );
    const number = (name: string): number => Number(row?.[name] ?? 0);
    const open = number('n') - number('filled');
    if (open === 0 && number('early') === 0) {
      arrivals.push(column);
      continue;
    }
    const filledWith = companions.filter((name, index) => {
      const filled = number(`after_${String(index)}`);
      if (name === column || number(`before_${String(index)}`) > 0 || filled * 2 < number('filled'))
        return false;
      // Were it missing by chance, as often as beside a date, all of the open rows would hardly lack it.
      const missing = (number('filled') - filled + 1) / (number('filled') + 2);
      return missing ** open < CHANCE;
    });
    later.push({ column, with: filledWith });
  }
  return { arrivals, later };
}

/** Which texts are numbers, and some values of those that are not. */
async function textKinds(
  engine: Engine,
  given: string,
  columns: readonly Column[],
  without: readonly (string | undefined)[],
): Promise<Pick<WorldSource, 'numberTexts' | 'values'>> {
  const numberTexts = new Set<string>();
  const values: Record<string, string[]> = {};
  for (const { name, type } of columns) {
    if (without.includes(name) || OWN.test(name) || !isText(type)) continue;
    const quoted = engine.identifier(name);
    const rows = await engine.rows(
      `SELECT ${quoted} AS value, try_cast(trim(${quoted}) AS DOUBLE) IS NOT NULL AS is_number, count(*) AS n
       FROM ${given} WHERE ${quoted} IS NOT NULL GROUP BY 1, 2 ORDER BY n DESC, value LIMIT ${String(MOST_VALUES)}`,
    );
    if (rows.length > 0 && rows.filter((row) => row['is_number'] === true).length * 2 > rows.length)
      numberTexts.add(name);
    else values[name] = rows.map((row) => textOf(row['value']));
  }
  return { numberTexts, values };
}
