/** A table to look at: a file of any kind, or a table of the lake. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Column, Engine } from '../engine/index.ts';
import { HoldfastError } from '../kernel/index.ts';

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
