import { type Column, type Engine, textOf } from '../engine/index.ts';
import { groupDigits, HoldfastError, nearestWord } from '../kernel/index.ts';
import type { Source } from '../pack/index.ts';
import type { Delivery } from './deliveries.ts';

/** What one delivered file holds, found before anything is written. */
export interface Inspection {
  readonly delivery: Delivery;
  /** FROM expression that yields the well-formed rows. */
  readonly from: string;
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

/** Declared types of packs in the engine's spelling. A TIMESTAMP is an instant, as Delta's is. */
const ENGINE_TYPES: Readonly<Record<string, string>> = { STRING: 'VARCHAR', TIMESTAMP: 'TIMESTAMPTZ' };

export const engineType = (type: string): string => ENGINE_TYPES[type] ?? type;

/** Reads a file once, without writing: its columns, rows, malformed rows and values that do not cast. */
export async function inspectDelivery(
  engine: Engine,
  source: Source,
  delivery: Delivery,
  rejects: string,
): Promise<Inspection> {
  const place = { file: delivery.name };
  if (delivery.bytes === 0)
    throw new HoldfastError('HF206', { message: 'the file is empty', hint: 'deliver the file again', place });
  const csv = !delivery.name.toLowerCase().endsWith('.parquet');
  const scan = (name?: string): string =>
    csv
      ? engine.csvSource(delivery.path, {
          nullValues: source.null_values,
          ...(name === undefined ? {} : { rejects: name }),
        })
      : engine.parquetSource(delivery.path);
  const from = await readable(delivery, () => Promise.resolve(scan()));
  const found = await readable(delivery, () => engine.describe(`SELECT * FROM ${from}`));
  checkColumns(source, delivery, found);
  const checked = castChecks(engine, source, found);
  const isExact = !csv && holdsExactly(source, found);
  // A file that is taken as it is must be readable to its last page: hashing looks at every value.
  const touched = isExact ? found.map(({ name }) => `, max(hash(${engine.identifier(name)}))`) : [];
  const [counts] = await readable(delivery, () =>
    engine.rows(
      `SELECT count(*) AS row_count${checked.map(({ sql }) => `, ${sql}`).join('')}${touched.join('')} FROM ${csv ? scan(rejects) : from}`,
    ),
  );
  const rows = Number(counts?.['row_count'] ?? 0);
  const malformedRows = csv ? await countMalformed(engine, rejects) : 0;
  checkMalformed(
    source,
    delivery,
    rows,
    malformedRows,
    csv ? await firstMalformed(engine, rejects, malformedRows) : undefined,
  );
  if (rows === 0)
    throw new HoldfastError('HF206', {
      message: 'the file has a header but no rows',
      hint: 'deliver the file again, or take it out of the landing folder',
      place,
    });

  const badValues: BadValues[] = [];
  for (const [index, { column, type }] of checked.entries()) {
    const count = Number(counts?.[`bad_${String(index)}`] ?? 0);
    if (count === 0) continue;
    const first = await firstBadValue(engine, from, column, type);
    const line = csv ? await csvLine(engine, rejects, first.row) : first.row;
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
      example: `${JSON.stringify(first.value)} in ${csv ? 'line' : 'row'} ${groupDigits(line)}`,
    });
  }
  const declared = new Set(Object.keys(source.columns));
  return {
    delivery,
    from,
    rows,
    malformed: malformedRows === 0 ? undefined : { rows: malformedRows, rejects },
    badValues,
    extraColumns: found.map(({ name }) => name).filter((name) => !declared.has(name)),
    isExact,
  };
}

/** Instants are left out: Parquet has several forms of them, not all of which Delta readers take. */
function holdsExactly(source: Source, found: readonly Column[]): boolean {
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
      `try_cast(${engine.identifier(name)} AS ${engineType(type)}) AS ${engine.identifier(name)}`,
  );
  return `SELECT ${columns.join(', ')} FROM ${inspection.from}`;
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
        place: { file: delivery.name },
        cause,
      });
    if (cause instanceof HoldfastError && cause.code !== 'HF401') throw cause;
    const message = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new HoldfastError('HF202', {
      message: `the file cannot be read: ${message}`,
      hint: 'expected a complete Parquet file, or CSV text in UTF-8 with a header line; deliver it again',
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
  readonly sql: string;
}

/** Only columns whose type in the file differs from the declared one need their values checked. */
function castChecks(engine: Engine, source: Source, found: readonly Column[]): CastCheck[] {
  const types = new Map(found.map(({ name, type }) => [name, type]));
  return Object.entries(source.columns)
    .filter(([name, type]) => type !== 'STRING' && types.get(name) !== engineType(type))
    .map(([column, type], index) => {
      const quoted = engine.identifier(column);
      return {
        column,
        type,
        sql: `count(*) FILTER (WHERE ${quoted} IS NOT NULL AND try_cast(${quoted} AS ${engineType(type)}) IS NULL) AS bad_${String(index)}`,
      };
    });
}

async function firstBadValue(
  engine: Engine,
  from: string,
  column: string,
  type: string,
): Promise<{ row: number; value: string }> {
  const quoted = engine.identifier(column);
  const [first] = await engine.rows(
    `SELECT * FROM (SELECT row_number() OVER () AS position, CAST(${quoted} AS VARCHAR) AS value,
       ${quoted} IS NOT NULL AND try_cast(${quoted} AS ${engineType(type)}) IS NULL AS bad FROM ${from})
     WHERE bad ORDER BY position LIMIT 1`,
  );
  return { row: Number(first?.['position'] ?? 0), value: textOf(first?.['value']) };
}

/** The line of a well-formed row: after the header and the malformed lines before it. */
async function csvLine(engine: Engine, rejects: string, row: number): Promise<number> {
  const malformed = await engine.rows(
    `SELECT line FROM (${engine.rejectedRows(rejects)}) ORDER BY line LIMIT ${String(row)}`,
  );
  let line = row + 1;
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
