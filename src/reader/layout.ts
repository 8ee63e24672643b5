/** Columns and shape of a file that lies ready: what the engine needs to read it. */
import path from 'node:path';
import { TextDecoder } from 'node:util';
import type { Column, CsvShape, Engine } from '../engine/index.ts';
import { HoldfastError } from '../kernel/index.ts';
import type { SourceFormat } from '../pack/index.ts';
import { findDialect } from './dialect.ts';
import { readHead } from './file-kind.ts';
import { cleanHeader, holdsOnlyValues } from './header.ts';
import { findNumberStyle, styleText } from './numbers.ts';
import { unreadable, withoutRows } from './refusal.ts';
import { findSheetTable, writeSheet } from './sheet-file.ts';
import { type Delivered, isWholeFile, type Staged } from './stage.ts';
import { withUnixLines } from './text.ts';

export interface Layout {
  readonly path: string;
  readonly format: SourceFormat;
  readonly notes: readonly string[];
  readonly columns: readonly Column[];
  /** Of CSV, and of sheets that became CSV. */
  readonly shape?: CsvShape;
}

/** Finds columns and shape of a staged file; `isSniffing` also looks for what a pack would state. */
export function layOut(
  engine: Engine,
  delivered: Delivered,
  staged: Staged,
  format: SourceFormat,
  isSniffing: boolean,
): Promise<Layout> {
  switch (staged.kind) {
    case 'csv':
      return layOutCsv(delivered, staged, format, isSniffing);
    case 'excel':
      return layOutSheet(delivered, staged, format, isSniffing);
    default:
      return layOutTyped(engine, delivered, staged);
  }
}

const textColumns = (names: readonly string[]): Column[] => names.map((name) => ({ name, type: 'VARCHAR' }));

/** Enough for the header and some rows of 10,000 columns; a longer header takes a second, longer look. */
const SAMPLE_BYTES = [1 << 20, 1 << 24];

async function layOutCsv(
  delivered: Delivered,
  staged: Staged & { kind: 'csv' | 'json' },
  format: SourceFormat,
  isSniffing: boolean,
): Promise<Layout> {
  const { name } = delivered;
  const headerLine = format.header_line ?? (isSniffing ? undefined : 1);
  const stated = { delimiter: format.delimiter, quote: format.quote, headerLine };
  let dialect: ReturnType<typeof findDialect>;
  for (const bytes of SAMPLE_BYTES) {
    const isWhole = await isWholeFile(staged.path, bytes);
    const text = new TextDecoder().decode(await readHead(staged.path, bytes), { stream: !isWhole });
    dialect = findDialect(text, isWhole, stated);
    if (isWhole || (dialect !== undefined && dialect.sample.length > 1)) break;
  }
  if (dialect === undefined)
    throw withoutRows(
      name,
      headerLine === undefined || headerLine === 1
        ? 'the file has no line with text'
        : `the file ends before line ${String(headerLine)}, where the column names should be`,
    );
  if (dialect.header.some((field) => field.includes('\uFFFD')))
    throw unreadable(
      name,
      `its header is not ${staged.encoding === 'utf-8' ? 'UTF-8' : staged.encoding} text`,
      'deliver it in UTF-8, or state its encoding, such as format: { encoding: latin-1 } of the source',
    );
  const { columns, notes } = cleanHeader(dialect.header, name, dialect.headerLine);
  let readable = staged.path;
  if (dialect.hasMixedLines) {
    readable = path.join(await delivered.folder(), 'unix-lines.csv');
    await withUnixLines(staged.path, readable);
  }
  const { delimiter, quote, escape } = dialect;
  const layout = {
    path: readable,
    columns: textColumns(columns),
    shape: { columns, delimiter, quote, escape, headerLine: dialect.headerLine },
  };
  if (!isSniffing) return { ...layout, format, notes: [...staged.notes, ...notes] };
  if (format.header_line === undefined && holdsOnlyValues(dialect.header))
    throw unreadable(
      name,
      `line ${String(dialect.headerLine)} holds values where the column names should be`,
      'put a line with the names of the columns above the rows, or state header_line',
    );
  if (!dialect.hasRows) throw withoutRows(name, 'the file has a header but no rows');
  const found = styleOf(dialect.sample, format, delimiter);
  return {
    ...layout,
    notes: [
      ...staged.notes,
      ...(dialect.headerLine > 1 ? [`the header is in line ${String(dialect.headerLine)}`] : []),
      ...notes,
      ...found.notes,
    ],
    format: {
      kind: 'csv',
      delimiter,
      ...(quote === '"' ? {} : { quote }),
      ...(staged.encoding === 'utf-8' ? {} : { encoding: staged.encoding }),
      ...(dialect.headerLine === 1 ? {} : { header_line: dialect.headerLine }),
      ...found.style,
    },
  };
}

async function layOutSheet(
  delivered: Delivered,
  staged: Staged & { kind: 'excel' },
  format: SourceFormat,
  isSniffing: boolean,
): Promise<Layout> {
  const { workbook } = staged;
  const { name } = delivered;
  const table = await findSheetTable(workbook, name, format, isSniffing);
  if (isSniffing && format.header_line === undefined && holdsOnlyValues(table.columns))
    throw unreadable(
      name,
      `row ${String(table.headerRow)} of the sheet ${table.sheet} holds values where the column names should be`,
      'put a row with the names of the columns above, or state header_line',
    );
  if (isSniffing && table.sample.length === 0) throw withoutRows(name, 'the file has a header but no rows');
  const found = isSniffing ? styleOf(table.sample, format, ';') : { style: {}, notes: [] };
  const readable = path.join(await delivered.folder(), 'sheet.csv');
  if (!isSniffing) await writeSheet(workbook, table, format.decimal, readable);
  const isFirst = table.headerRow === 1;
  return {
    path: readable,
    columns: textColumns(table.columns),
    shape: { columns: table.columns, delimiter: ',', quote: '"', escape: '"', headerLine: table.headerRow },
    notes: [
      ...staged.notes,
      ...(isFirst || !isSniffing ? [] : [`the header is in row ${String(table.headerRow)}`]),
      ...table.notes,
      ...found.notes,
    ],
    format: { kind: 'excel', ...(isFirst ? {} : { header_line: table.headerRow }), ...found.style },
  };
}

/** The number style where none is stated, with what is worth saying of it. */
function styleOf(
  sample: readonly (readonly string[])[],
  format: SourceFormat,
  delimiter: string,
): { style: SourceFormat; notes: string[] } {
  if (format.decimal !== undefined || format.thousands !== undefined) return { style: {}, notes: [] };
  const { style, isUnsure } = findNumberStyle(sample, delimiter);
  const { decimal, thousands } = style;
  if (decimal === '.' && thousands === undefined) return { style: {}, notes: [] };
  return {
    style: {
      ...(decimal === ',' ? { decimal } : {}),
      ...(thousands === undefined ? {} : { thousands }),
    },
    notes: [styleText(style) + (isUnsure ? ', though some could be read otherwise: look at them' : '')],
  };
}

async function layOutTyped(
  engine: Engine,
  { name }: Delivered,
  staged: Staged & { kind: 'csv' | 'json' | 'parquet' },
): Promise<Layout> {
  const { kind, path: readable, notes } = staged;
  const from = kind === 'parquet' ? engine.parquetSource(readable) : engine.jsonSource(readable);
  const columns = await engine.describe(`SELECT * FROM ${from}`).catch((cause: unknown) => {
    if (cause instanceof HoldfastError && cause.code === 'HF202') throw cause;
    const message = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new HoldfastError('HF202', {
      message: `the file cannot be read: ${message}`,
      hint: `expected a complete ${kind === 'parquet' ? 'Parquet' : 'JSON'} file; deliver it again`,
      place: { file: name },
      cause,
    });
  });
  if (kind === 'json') refuseNoRows(name, columns);
  return { path: readable, columns, notes, format: { kind } };
}

/** DuckDB makes a single column `json` of values that are no objects. */
function refuseNoRows(name: string, columns: readonly Column[]): void {
  const [only, ...others] = columns;
  if (only === undefined || others.length > 0) return;
  const isList = /^STRUCT\(.*\)\[\]$/s.test(only.type);
  if (only.name !== 'json' && !isList) return;
  throw unreadable(
    name,
    isList ? `it is one object whose rows are below ${only.name}` : 'it is no list of objects',
    'expected a list of objects, or one object a line',
  );
}
