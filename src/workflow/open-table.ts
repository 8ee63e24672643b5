/** A table to look at: a file of any kind, or a table of the lake. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Column, Engine } from '../engine/index.ts';
import { type Clock, HoldfastError } from '../kernel/index.ts';
import { openLake } from '../lake/index.ts';
import { foldersOf } from './context.ts';

/** A table that is open for reading; the caller disposes it. */
export interface OpenedTable extends AsyncDisposable {
  readonly name: string;
  /** FROM expression. */
  readonly from: string;
  readonly columns: readonly Column[];
  /** How the file is written, as `format:` of a source says it; empty where all is usual. */
  readonly format: Readonly<Record<string, string | number>>;
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
  { engine, clock, workspace }: TableParts,
  table: string,
): Promise<OpenedTable> {
  const isFile = await stat(table).then(
    (found) => found.isFile(),
    () => false,
  );
  if (isFile || !/^[a-z][a-z0-9_]*[.][a-z][a-z0-9_]*$/.test(table)) return openFileTable(engine, table);
  const lake = openLake({ root: foldersOf(workspace).lake, engine, clock });
  if (!(await lake.exists(table)) && /[.](csv|tsv|txt|parquet|jsonl?|xlsx|zip)$/.test(table))
    return openFileTable(engine, table);
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
export async function openFileTable(engine: Engine, file: string): Promise<OpenedTable> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() !== true)
    throw new HoldfastError('HF201', {
      message: found === undefined ? 'there is no file at this path' : 'this is a folder, not a file',
      hint: 'give the path of a CSV, Parquet, JSON lines or Excel file',
      place: { file },
    });
  const from = engine.csvSource(file, { nullValues: [] });
  return {
    name: path.basename(file),
    from,
    columns: await engine.describe(`SELECT * FROM ${from}`),
    format: {},
    notes: [],
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
