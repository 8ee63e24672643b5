import { type Column, type Engine, textOf } from '../engine/index.ts';
import { groupDigits, HoldfastError, nearestWord } from '../kernel/index.ts';
import type { Source } from '../pack/index.ts';
import { engineType, openFile, type OpenedFile, valueCast } from '../reader/index.ts';
import type { Delivery } from './deliveries.ts';
import { withDeclaredNames } from './file-names.ts';

/** What one delivered file holds, found before anything is written. */
export interface Inspection {
  readonly delivery: Delivery;
  /** The file, open until its rows are written. */
  readonly opened: OpenedFile;
  readonly rows: number;
  /** Malformed rows of a CSV file and the name under which the engine keeps them. */
  readonly malformed: { readonly rows: number; readonly rejects: string } | undefined;
  /** Values that do not cast to the declared type and become NULL. */
  readonly badValues: readonly BadValues[];
  readonly extraColumns: readonly string[];
  /** Whether the file holds exactly the declared columns and types, so that it can be taken as it is. */
  readonly isExact: boolean;
}

export interface BadValues {
  readonly column: string;
  readonly type: string;
  readonly count: number;
  readonly example: string;
}

/**
 * Reads a file once, without writing: its columns, rows, malformed rows and values that do not cast. What is
 * unpacked or converted for it lies below `temporary` until `opened` is disposed.
 */
export async function inspectDelivery(
  engine: Engine,
  source: Source,
  delivery: Delivery,
  options: { readonly rejects: string; readonly temporary: string },
): Promise<Inspection> {
  const place = { file: delivery.name };
  if (delivery.bytes === 0)
    throw new HoldfastError('HF206', { message: 'the file is empty', hint: 'deliver the file again', place });
  const file = await readable(delivery, () =>
    openFile(engine, delivery.path, source.format, {
      temporary: options.temporary,
      name: delivery.name,
      nullValues: source.null_values,
    }),
  );
  const opened = withDeclaredNames(engine, source, file);
  try {
    return { delivery, opened, ...(await inspectRows(engine, source, delivery, opened, options.rejects)) };
  } catch (error) {
    await opened[Symbol.asyncDispose]();
    throw error;
  }
}

async function inspectRows(
  engine: Engine,
  source: Source,
  delivery: Delivery,
  opened: OpenedFile,
  rejects: string,
): Promise<Omit<Inspection, 'delivery' | 'opened'>> {
  const place = { file: delivery.name };
  const { columns: found, isText } = opened;
  checkColumns(source, delivery, found);
  const checked = castChecks(engine, source, opened);
  const isExact = opened.kind === 'parquet' && opened.path === delivery.path && holdsExactly(source, found);
  // A file that is taken as it is must be readable to its last page: hashing looks at every value.
  const touched = isExact ? found.map(({ name }) => `, max(hash(${engine.identifier(name)}))`) : [];
  const [counts] = await readable(delivery, () =>
    engine.rows(
      `SELECT count(*) AS row_count${checked.map(({ bad }, index) => `, count(*) FILTER (WHERE ${bad}) AS bad_${String(index)}`).join('')}${touched.join('')} FROM ${isText ? opened.fromKeeping(rejects) : opened.from}`,
    ),
  );
  const rows = Number(counts?.['row_count'] ?? 0);
  const malformedRows = isText ? await countMalformed(engine, rejects) : 0;
  checkMalformed(
    source,
    delivery,
    rows,
    malformedRows,
    isText ? await firstMalformed(engine, rejects, malformedRows) : undefined,
  );
  if (rows === 0)
    throw new HoldfastError('HF206', {
      message: 'the file has a header but no rows',
      hint: 'deliver the file again, or take it out of the landing folder',
      place,
    });

  const badValues: BadValues[] = [];
  for (const [index, { column, type, bad }] of checked.entries()) {
    const count = Number(counts?.[`bad_${String(index)}`] ?? 0);
    if (count === 0) continue;
    const first = await firstBadValue(engine, opened.from, column, bad);
    const line = isText ? await textLine(engine, rejects, opened.headerLine, first.row) : first.row;
    if (count / rows > source.max_bad_share)
      throw new HoldfastError('HF204', {
        message: `${groupDigits(count)} of ${groupDigits(rows)} values cannot be read as ${type}, the first is ${JSON.stringify(first.value)}`,
        hint: `deliver ${column} as ${type}, or raise max_bad_share of the source (${String(source.max_bad_share)})`,
        place: { ...place, line, field: column },
      });
    badValues.push({
      column,
      type,
      count,
      example: `${JSON.stringify(first.value)} in ${opened.kind === 'csv' ? 'line' : 'row'} ${groupDigits(line)}`,
    });
  }
  const declared = new Set(Object.keys(source.columns));
  return {
    rows,
    malformed: malformedRows === 0 ? undefined : { rows: malformedRows, rejects },
    badValues,
    extraColumns: found.map(({ name }) => name).filter((name) => !declared.has(name)),
    isExact,
  };
}

/** Instants are left out: Parquet has several forms of them, not all of which Delta readers take. */
function holdsExactly(source: Source, found: readonly Column[]): boolean {
  // A file that calls a column otherwise cannot lie in the table as it is.
  if (Object.keys(source.names).length > 0) return false;
  const types = new Map(found.map(({ name, type }) => [name, type]));
  const declared = Object.entries(source.columns);
  return (
    types.size === declared.length &&
    declared.every(([name, type]) => type !== 'TIMESTAMP' && types.get(name) === engineType(type))
  );
}

/** Columns that ingest adds; one value a file, so that they are partition columns. */
export const ADDED_COLUMNS = ['_ingested_at', '_source_file'] as const;

/** The SELECT that brings a file's rows to the declared columns and types. */
export function selectDelivery(engine: Engine, source: Source, inspection: Inspection): string {
  const columns = Object.entries(source.columns).map(
    ([name, type]) =>
      `${castOf(engine, source, inspection.opened, name, type)} AS ${engine.identifier(name)}`,
  );
  return `SELECT ${columns.join(', ')} FROM ${inspection.opened.from}`;
}

/** A SELECT with the columns of the bronze table; its rows are never read. */
export function columnsSelect(engine: Engine, source: Source): string {
  const columns = Object.entries(source.columns).map(
    ([name, type]) => `CAST(NULL AS ${engineType(type)}) AS ${engine.identifier(name)}`,
  );
  return `SELECT ${columns.join(', ')}, CAST(NULL AS TIMESTAMPTZ) AS _ingested_at, CAST(NULL AS VARCHAR) AS _source_file`;
}

async function readable<T>(delivery: Delivery, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof HoldfastError && cause.code === 'HF202')
      throw new HoldfastError('HF202', {
        message: cause.message,
        ...(cause.hint === undefined ? {} : { hint: cause.hint }),
        place: { ...cause.place, file: delivery.name },
        cause,
      });
    if (cause instanceof HoldfastError && cause.code !== 'HF401') throw cause;
    const message = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new HoldfastError('HF202', {
      message: `the file cannot be read: ${message}`,
      hint: 'expected a complete Parquet file, or CSV text in UTF-8 with a header line; deliver it again, or say in the format of the source how it is written',
      place: { file: delivery.name },
      cause,
    });
  }
}

function checkColumns(source: Source, delivery: Delivery, found: readonly Column[]): void {
  const names = found.map(({ name }) => name);
  const missing = Object.keys(source.columns).filter((name) => !names.includes(name));
  const [first] = missing;
  if (first === undefined) return;
  const near = nearestWord(first, names);
  const shown =
    names.slice(0, 12).join(', ') + (names.length > 12 ? `, ... (${String(names.length)} in all)` : '');
  throw new HoldfastError('HF203', {
    message: `column ${missing.join(', ')} is missing; the file has ${shown}`,
    hint:
      near === undefined
        ? 'deliver the file with this column'
        : `is it the column ${near}? rename it to ${first}`,
    place: { file: delivery.name, field: first },
  });
}

interface CastCheck {
  readonly column: string;
  readonly type: string;
  /** The condition that a value is there and does not cast. */
  readonly bad: string;
}

/** A column as its declared type, NULL where its value is none. */
function castOf(engine: Engine, source: Source, opened: OpenedFile, column: string, type: string): string {
  const isText = opened.columns.some(({ name, type: found }) => name === column && found === 'VARCHAR');
  return valueCast(engine, engine.identifier(column), type, isText, {
    ...source.format,
    dateFormats: source.date_format,
  });
}

/** Only columns whose type in the file differs from the declared one need their values checked. */
function castChecks(engine: Engine, source: Source, opened: OpenedFile): CastCheck[] {
  const types = new Map(opened.columns.map(({ name, type }) => [name, type]));
  return Object.entries(source.columns)
    .filter(([name, type]) => type !== 'STRING' && types.get(name) !== engineType(type))
    .map(([column, type]) => ({
      column,
      type,
      bad: `${engine.identifier(column)} IS NOT NULL AND ${castOf(engine, source, opened, column, type)} IS NULL`,
    }));
}

async function firstBadValue(
  engine: Engine,
  from: string,
  column: string,
  bad: string,
): Promise<{ row: number; value: string }> {
  const [first] = await engine.rows(
    `SELECT * FROM (SELECT row_number() OVER () AS position, CAST(${engine.identifier(column)} AS VARCHAR) AS value,
       ${bad} AS bad FROM ${from})
     WHERE bad ORDER BY position LIMIT 1`,
  );
  return { row: Number(first?.['position'] ?? 0), value: textOf(first?.['value']) };
}

/** The line of a well-formed row: after the header and the malformed lines before it. */
async function textLine(engine: Engine, rejects: string, headerLine: number, row: number): Promise<number> {
  const malformed = await engine.rows(
    `SELECT line FROM (${engine.rejectedRows(rejects)}) ORDER BY line LIMIT ${String(row)}`,
  );
  let line = row + headerLine;
  for (const reject of malformed) {
    if (Number(reject['line']) > line) break;
    line += 1;
  }
  return line;
}

async function countMalformed(engine: Engine, rejects: string): Promise<number> {
  const [row] = await engine.rows(`SELECT count(*) AS n FROM (${engine.rejectedRows(rejects)})`);
  return Number(row?.['n'] ?? 0);
}

async function firstMalformed(
  engine: Engine,
  rejects: string,
  malformed: number,
): Promise<{ line: number; reason: string } | undefined> {
  if (malformed === 0) return undefined;
  const [row] = await engine.rows(
    `SELECT line, reason FROM (${engine.rejectedRows(rejects)}) ORDER BY line LIMIT 1`,
  );
  return { line: Number(row?.['line']), reason: textOf(row?.['reason']) };
}

function checkMalformed(
  source: Source,
  delivery: Delivery,
  rows: number,
  malformed: number,
  first: { line: number; reason: string } | undefined,
): void {
  if (first === undefined || malformed / (rows + malformed) <= source.max_bad_share) return;
  throw new HoldfastError('HF204', {
    message: `${groupDigits(malformed)} of ${groupDigits(rows + malformed)} rows are malformed, the first: ${first.reason}`,
    hint: `deliver UTF-8 text with as many fields a row as the header has, or raise max_bad_share of the source (${String(source.max_bad_share)})`,
    place: { file: delivery.name, line: first.line },
  });
}
