/** A table to look at: a file of any kind, or a table of the lake. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type Column, type Engine, textOf } from '../engine/index.ts';
import { type Clock, HoldfastError } from '../kernel/index.ts';
import { openLake } from '../lake/index.ts';
import type { SourceFormat } from '../pack/index.ts';
import type { MalformedLines } from '../profile/index.ts';
import { type OpenedFile, openFile, sniffFormat } from '../reader/index.ts';
import { foldersOf } from './folders.ts';

/** A table that is open for reading; the caller disposes it. */
export interface OpenedTable extends AsyncDisposable {
  readonly name: string;
  /** FROM expression. */
  readonly from: string;
  readonly columns: readonly Column[];
  /** How the file is written, as `format:` of a source says it; empty where all is usual. */
  readonly format: SourceFormat;
  /** Lines without the shape of the header, which a scan of `from` leaves out; known once it was scanned. */
  readonly malformed: () => Promise<MalformedLines | null>;
  /** What the reader has to say. */
  readonly notes: readonly string[];
}

export interface TableParts {
  readonly engine: Engine;
  readonly clock: Clock;
  /** Folder of the workspace. */
  readonly workspace: string;
}

/** Opens a file, or a table of the lake where no file is called so. Throws HF201, HF301 and what the reader throws. */
export async function openTable(
  parts: TableParts,
  table: string,
  stated: SourceFormat = {},
): Promise<OpenedTable> {
  const { engine, clock, workspace } = parts;
  const isFile = await stat(table).then(
    (found) => found.isFile(),
    () => false,
  );
  if (isFile || !/^[a-z][a-z0-9_]*[.][a-z][a-z0-9_]*$/.test(table))
    return openFileTable(parts, table, stated);
  const lake = openLake({ root: foldersOf(workspace).lake, engine, clock });
  if (!(await lake.exists(table)) && /[.](csv|tsv|txt|parquet|jsonl?|xlsx|zip)$/.test(table))
    return openFileTable(parts, table, stated);
  await lake.attach([table]);
  return {
    name: table,
    from: table,
    columns: (await engine.describe(`SELECT * FROM ${table}`)).filter(({ name }) => !name.startsWith('_')),
    format: {},
    malformed: () => Promise.resolve(null),
    notes: [],
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Opens a file. Throws HF201 where there is none, and what the reader throws. */
export async function openFileTable(
  { engine, workspace }: Pick<TableParts, 'engine' | 'workspace'>,
  file: string,
  stated: SourceFormat = {},
): Promise<OpenedTable> {
  const found = await stat(file).catch(() => undefined);
  const name = path.basename(file);
  if (found?.isFile() !== true)
    throw new HoldfastError('HF201', {
      message: found === undefined ? 'there is no file at this path' : 'this is a folder, not a file',
      hint: 'give the path of a CSV, Parquet, JSON lines or Excel file',
      place: { file },
    });
  const { temporary } = foldersOf(workspace);
  const { format, notes } = await sniffFormat(engine, file, { temporary, name, stated });
  const opened = await openFile(engine, file, format, { temporary, name });
  return {
    name,
    from: opened.isText ? opened.fromKeeping(REJECTS) : opened.from,
    columns: opened.columns,
    format,
    malformed: () => malformedIn(engine, opened),
    notes: [...new Set([...notes, ...opened.notes])],
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

const REJECTS = 'holdfast_malformed_lines';

async function malformedIn(engine: Engine, { isText }: OpenedFile): Promise<MalformedLines | null> {
  if (!isText) return null;
  const [row] = await engine.rows(
    `SELECT count(*) AS n, min(line) AS line, arg_min(reason, line) AS reason FROM (${engine.rejectedRows(REJECTS)}) AS rejected`,
  );
  const rows = Number(row?.['n'] ?? 0);
  return rows === 0 ? null : { rows, firstLine: Number(row?.['line']), reason: textOf(row?.['reason']) };
}
