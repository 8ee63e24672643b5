/** A table to look at: a file of any kind, or a table of the lake. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Column, Engine } from '../engine/index.ts';
import { type Clock, HoldfastError } from '../kernel/index.ts';
import { openLake } from '../lake/index.ts';
import type { SourceFormat } from '../pack/index.ts';
import { openFile, sniffFormat } from '../reader/index.ts';
import { foldersOf } from './context.ts';

/** A table that is open for reading; the caller disposes it. */
export interface OpenedTable extends AsyncDisposable {
  readonly name: string;
  /** FROM expression. */
  readonly from: string;
  readonly columns: readonly Column[];
  /** How the file is written, as `format:` of a source says it; empty where all is usual. */
  readonly format: SourceFormat;
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
    from: opened.from,
    columns: opened.columns,
    format,
    notes: [...new Set([...notes, ...opened.notes])],
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}
