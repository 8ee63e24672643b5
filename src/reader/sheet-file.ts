/** The sheet of a workbook as a CSV file, line by line where its rows are. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { SourceFormat } from '../pack/index.ts';
import { cleanHeader, cleanName, type Header, headerIndex } from './header.ts';
import { withoutRows } from './refusal.ts';
import type { Cell } from './sheet-cells.ts';
import type { SheetRow, Workbook } from './workbook.ts';

/** A sheet that holds a table. */
export interface SheetTable extends Header {
  readonly sheet: string;
  /** 1-based row of the column names. */
  readonly headerRow: number;
  /** The first rows below the header as text, without cells that hold numbers: their writing says nothing. */
  readonly sample: readonly (readonly string[])[];
}

const ROWS_LOOKED_AT = 200;

/** Rows until the first `limit` of a sheet. */
async function firstRows(workbook: Workbook, sheet: string, limit: number): Promise<SheetRow[]> {
  const rows: SheetRow[] = [];
  for await (const row of workbook.rows(sheet)) {
    rows.push(row);
    if (rows.length >= limit) break;
  }
  return rows;
}

/**
 * Finds the sheet (the first with two rows of several cells, unless stated) and its header: in the row stated,
 * where titles may stand above it (`looksForHeader`) the first that is no title, otherwise the first with cells.
 */
export async function findSheetTable(
  workbook: Workbook,
  name: string,
  format: SourceFormat,
  looksForHeader: boolean,
): Promise<SheetTable> {
  const { sheet, rows } = await chooseSheet(workbook, format.sheet);
  const texts = rows.map(({ cells }) => cells.map(textOfCell));
  const lengths = texts.map((row) => row.length);
  const width =
    [...new Set(lengths)].sort(
      (a, b) =>
        lengths.filter((length) => length === b).length - lengths.filter((length) => length === a).length ||
        b - a,
    )[0] ?? 0;
  const wide = texts.map((row) => [...row, ...Array<string>(Math.max(0, width - row.length)).fill('')]);
  const index =
    format.header_line !== undefined
      ? rows.findIndex(({ row }) => row === format.header_line)
      : looksForHeader
        ? headerIndex(wide, Math.max(...wide.map((row) => row.length), 0))
        : 0;
  const header = rows[index];
  if (header === undefined)
    throw withoutRows(
      name,
      rows.length === 0
        ? `the sheet ${sheet} is empty`
        : `the row ${String(format.header_line)} of the sheet ${sheet} is empty, where the column names should be`,
    );
  const notes: string[] = [];
  if (workbook.sheets.length > 1 && format.sheet === undefined)
    notes.push(`${String(workbook.sheets.length)} sheets: took ${sheet}, the first with a table`);
  const cleaned = cleanHeader(texts[index] ?? [], name, header.row);
  return {
    sheet,
    headerRow: header.row,
    columns: cleaned.columns,
    notes: [...notes, ...cleaned.notes],
    sample: rows
      .slice(index + 1)
      .map(({ cells }) =>
        cleaned.columns.map((_, column) => (typeof cells[column] === 'string' ? cells[column] : '')),
      ),
  };
}

async function chooseSheet(
  workbook: Workbook,
  stated: string | undefined,
): Promise<{ sheet: string; rows: SheetRow[] }> {
  if (stated !== undefined) return { sheet: stated, rows: await firstRows(workbook, stated, ROWS_LOOKED_AT) };
  let first: { sheet: string; rows: SheetRow[] } | undefined;
  for (const sheet of workbook.sheets) {
    const rows = await firstRows(workbook, sheet, ROWS_LOOKED_AT);
    const isTable =
      rows.filter(({ cells }) => cells.filter((cell) => textOfCell(cell) !== '').length > 1).length > 1;
    if (isTable) return { sheet, rows };
    if (first === undefined || (first.rows.length < 2 && rows.length > 1)) first = { sheet, rows };
  }
  return first ?? { sheet: '', rows: [] };
}

const textOfCell = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.number);

const LINES_A_PIECE = 2000;

/**
 * Writes a sheet from its header on as CSV (comma, UTF-8), every row in the line of its number, so that lines
 * that are named are rows of the sheet. Numbers get the decimal sign of the format, as its texts have it.
 */
export async function writeSheet(
  workbook: Workbook,
  table: SheetTable,
  decimal: SourceFormat['decimal'],
  to: string,
): Promise<void> {
  const width = table.columns.length;
  const point = decimal ?? '.';
  async function* lines(): AsyncGenerator<string> {
    let line = table.headerRow;
    let piece = `${'\n'.repeat(line - 1)}${table.columns.map(quoted).join(',')}\n`;
    let count = 0;
    for await (const { row, cells } of workbook.rows(table.sheet)) {
      if (row <= table.headerRow) continue;
      // An empty line would be an empty value where there is one column.
      if (width > 1) piece += '\n'.repeat(Math.max(0, row - line - 1));
      line = row;
      const fields = cells.map((cell) =>
        typeof cell === 'string'
          ? quoted(cell)
          : quoted(point === '.' ? cell.number : cell.number.replace('.', point)),
      );
      if (cells.every((cell) => cleanName(textOfCell(cell)) === '')) continue;
      while (fields.length < width) fields.push('');
      piece += `${fields.join(',')}\n`;
      count += 1;
      if (count % LINES_A_PIECE === 0) {
        yield piece;
        piece = '';
      }
    }
    yield piece;
  }
  await pipeline(lines, createWriteStream(to));
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
