/** The door of the reader: what a file is, and its rows as a table of the engine. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Column, Engine } from '../engine/index.ts';
import type { SourceFormat } from '../pack/index.ts';
import { layOut } from './layout.ts';
import { stage } from './stage.ts';

export interface SniffOptions {
  /** Folder for what is unpacked or converted; created where missing, and left as it was. */
  readonly temporary: string;
  /** How messages name the file; its path unless given. */
  readonly name?: string;
  /** What is known already: it is kept, and the rest is found. */
  readonly stated?: SourceFormat;
}

export interface SniffedFile {
  /** `kind`, for CSV the `delimiter`, what was stated, and what is not as usual. */
  readonly format: SourceFormat;
  /** What was decided, in words, such as `the header is in line 3`. */
  readonly notes: readonly string[];
  /** Names of the columns, cleaned. */
  readonly columns: readonly string[];
}

/**
 * Finds out how a file is written. HF202 for a file that is no table, HF206 for one without a header or
 * without rows.
 */
export async function sniffFormat(engine: Engine, file: string, options: SniffOptions): Promise<SniffedFile> {
  const { stated = {} } = options;
  await using work = workFolder(options.temporary);
  const delivered = { path: file, name: options.name ?? file, folder: work.folder };
  const staged = await stage(delivered, stated, true);
  const layout = await layOut(engine, delivered, staged, stated, true);
  return {
    format: { ...stated, ...layout.format },
    notes: layout.notes,
    columns: layout.columns.map(({ name }) => name),
  };
}

export interface OpenOptions {
  readonly temporary: string;
  readonly name?: string;
  /** Texts of CSV and Excel files that stand for a missing value, beside the empty one. */
  readonly nullValues?: readonly string[];
}

/** A file whose rows can be queried until it is disposed. */
export interface OpenedFile extends AsyncDisposable {
  /** What the engine reads: the file itself, or what was made of it in the temporary folder. */
  readonly path: string;
  readonly kind: 'csv' | 'parquet' | 'json' | 'excel';
  /** In the file's order, with cleaned names and the engine's types. */
  readonly columns: readonly Column[];
  /** Whether every column is text as it was delivered (CSV, Excel); others have types. */
  readonly isText: boolean;
  /** 1-based line (row of a sheet) of the header; 0 where there is none. */
  readonly headerLine: number;
  readonly notes: readonly string[];
  /** FROM expression of all well-formed rows. */
  readonly from: string;
  /** The same, keeping malformed rows for `engine.rejectedRows(rejects)`; only of files that are text. */
  fromKeeping(rejects: string): string;
}

/**
 * Opens a file as `format` says: what it leaves out is as usual (UTF-8, the header in line 1, a delimiter that
 * is found). Text in UTF-8 and Parquet are read where they lie, all else from a copy in the temporary folder
 * that goes with the disposal. HF202, HF206 as for `sniffFormat`.
 */
export async function openFile(
  engine: Engine,
  file: string,
  format: SourceFormat,
  options: OpenOptions,
): Promise<OpenedFile> {
  const work = workFolder(options.temporary);
  const delivered = { path: file, name: options.name ?? file, folder: work.folder };
  const nullValues = options.nullValues ?? [];
  try {
    const staged = await stage(delivered, format, false);
    const { path: readable, shape, columns, notes } = await layOut(engine, delivered, staged, format, false);
    const scan = (rejects?: string): string => {
      if (shape !== undefined)
        return engine.csvSource(readable, {
          nullValues,
          shape,
          ...(rejects === undefined ? {} : { rejects }),
        });
      return staged.kind === 'json' ? engine.jsonSource(readable) : engine.parquetSource(readable);
    };
    return {
      path: readable,
      kind: staged.kind,
      columns,
      isText: shape !== undefined,
      headerLine: shape?.headerLine ?? 0,
      notes,
      from: scan(),
      fromKeeping: scan,
      [Symbol.asyncDispose]: () => work[Symbol.asyncDispose](),
    };
  } catch (error) {
    await work[Symbol.asyncDispose]();
    throw error;
  }
}

/** A folder below `temporary` that is made when it is needed and removed in the end. */
function workFolder(temporary: string): AsyncDisposable & { folder: () => Promise<string> } {
  let made: Promise<string> | undefined;
  const make = async (): Promise<string> => {
    await mkdir(temporary, { recursive: true });
    return mkdtemp(path.join(temporary, 'file-'));
  };
  return {
    folder: () => (made ??= make()),
    async [Symbol.asyncDispose]() {
      if (made !== undefined) await rm(await made, { recursive: true, force: true });
    },
  };
}
