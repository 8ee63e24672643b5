/**
 * The port to a SQL engine. Everything above works on this interface; what differs between
 * engines lives in `engine/<name>/`.
 */
import type { KnownColumns, Lineage } from './lineage.ts';

/** A value that is bound to a statement, never pasted into it. */
export type Parameter = string | number | bigint | boolean | null;
/** Values for `$name` placeholders. */
export type Parameters = Readonly<Record<string, Parameter>>;

/** A value of a small result: dates as `YYYY-MM-DD`, timestamps as ISO 8601 in UTC, decimals as text. */
export type Value =
  string | number | bigint | boolean | null | readonly Value[] | { readonly [key: string]: Value };
export type Row = Record<string, Value>;

/** Name and logical type (the engine's own spelling, such as `DECIMAL(10,2)`) of a result column. */
export interface Column {
  readonly name: string;
  readonly type: string;
}

/** `layer.table`, such as `silver.calls`. */
export type TableName = string;

/** One Parquet file that an engine wrote. `path` is relative to the folder given, with `/`. */
export interface WrittenFile {
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  /** Value of each partition column as text; null stands for NULL. Empty without partitions. */
  readonly partition: Readonly<Record<string, string | null>>;
}

export interface WriteOptions {
  readonly partitionBy?: readonly string[];
  /** Called with the share done, 0 to 1, while the statement runs. */
  readonly onProgress?: (share: number) => void;
  readonly parameters?: Parameters;
}

/** One Parquet file to read, with the partition values that are not in the file. */
export interface ReadFile {
  /** Absolute path. */
  readonly path: string;
  readonly partition: Readonly<Record<string, string | null>>;
}

/** The matrix form of a result: every column as doubles, NULL as NaN, column after column. */
export interface NumericTable {
  readonly rows: number;
  readonly columns: readonly string[];
  /** Column-major, `rows * columns.length` doubles. */
  readonly data: Float64Array;
}

/** What an engine can do beyond the least; a missing capability is refused by name (HF404). */
export interface EngineCapabilities {
  readonly readsCsv: boolean;
  readonly exactDecimalSums: boolean;
}

/** How a CSV file is written, where that is known. */
export interface CsvShape {
  /** Names of all columns, in the file's order; they take the place of those in the header. */
  readonly columns: readonly string[];
  readonly delimiter: string;
  readonly quote: string;
  /** What stands before a quote inside a quoted field; the quote itself where it is doubled. */
  readonly escape: string;
  /** 1-based line of the header; what is above it is left out. */
  readonly headerLine: number;
}

export interface CsvOptions {
  /** Texts that stand for a missing value, beside the empty one. */
  readonly nullValues: readonly string[];
  /** Without it the engine finds out by itself, and takes the first line as the header. */
  readonly shape?: CsvShape;
  /** Name under which malformed rows of this read are kept; without it they are only left out. */
  readonly rejects?: string;
}

/** What a SELECT reads, each list sorted and without repetition. */
export interface References {
  /** Tables and views as `schema.name`; an unqualified name that no CTE defines stays as it is. */
  readonly tables: readonly TableName[];
  /** Table functions in FROM clauses, such as `range` or `read_parquet`. */
  readonly tableFunctions: readonly string[];
}

/** A statement that is planned once and run often. */
export interface PreparedStatement extends AsyncDisposable {
  /** Runs it with values for its placeholders. Throws HF401 with the engine's message. */
  rows(parameters?: Parameters): Promise<Row[]>;
}

export interface Engine extends AsyncDisposable {
  readonly name: 'duckdb' | 'spark';
  readonly version: string;
  readonly capabilities: EngineCapabilities;
  /**
   * Another session on the same database, to run statements at the same time: it sees the tables of this one,
   * but has variables, a schema in use and temporary tables of its own. The caller disposes it first.
   */
  session(): Promise<Engine>;
  /** Runs one or several statements; bound parameters only with a single statement. */
  execute(sql: string, parameters?: Parameters): Promise<void>;
  /** Runs a query with a small result. Throws HF401 with the engine's message. */
  rows(sql: string, parameters?: Parameters): Promise<Row[]>;
  /** Plans a statement whose tables and views stay as they are while it is used; the caller disposes it. */
  prepare(sql: string): Promise<PreparedStatement>;
  /** Runs a query whose columns are all numbers or booleans and returns it as one matrix. */
  numeric(sql: string, parameters?: Parameters): Promise<NumericTable>;
  /**
   * Makes the temporary table `name` from columns of equal length: `row_index` (from 0) and each column
   * as DOUBLE, NaN as NULL.
   */
  loadNumeric(name: string, columns: Readonly<Record<string, ArrayLike<number>>>): Promise<void>;
  /** Makes the temporary table `name` from columns of equal length: `row_index` (from 0) and each as text. */
  loadTexts(name: string, columns: Readonly<Record<string, readonly (string | null)[]>>): Promise<void>;
  /** The columns of a query without running it. */
  describe(sql: string): Promise<Column[]>;
  /** What a SELECT refers to, from the engine's own syntax tree. Throws HF401 where it is not one SELECT. */
  references(sql: string): Promise<References>;
  /**
   * Where each column of a SELECT comes from, from the engine's own syntax tree. `known` names the columns
   * of the tables it reads. Throws HF401 where it is not one SELECT.
   */
  lineage(sql: string, known: KnownColumns): Promise<Lineage>;
  /**
   * What in a SELECT makes a row of its result depend on more than one row that it reads, such as `a join`, from the
   * engine's own syntax tree: empty where each row is made of one row alone, and of all its WHERE does is leave rows
   * out. Throws HF401 where it is not one SELECT.
   */
  acrossRows(sql: string): Promise<readonly string[]>;
  /** Writes a query's rows as Parquet files into a folder that exists. */
  writeParquet(select: string, folder: string, options?: WriteOptions): Promise<WrittenFile[]>;
  /** Writes a query's rows, in its order, as one CSV file (UTF-8, comma, header). */
  writeCsv(select: string, file: string): Promise<void>;
  /**
   * Defines (or replaces) the view `name` over Parquet files with exactly the given columns,
   * an empty file list giving an empty view. Column types are engine types. A file that lacks a column
   * has NULL in it.
   */
  defineView(
    name: TableName,
    files: readonly ReadFile[],
    columns: readonly Column[],
    partitionColumns: readonly string[],
  ): Promise<void>;
  /** An expression for FROM that reads one Parquet file. */
  parquetSource(path: string): string;
  /**
   * An expression for FROM that reads one CSV file with a header, every column as text. Rows that do
   * not have the shape of the header are left out, and kept for `rejectedRows` under the name `rejects`.
   */
  csvSource(path: string, options: CsvOptions): string;
  /** An expression for FROM that reads one JSON file (UTF-8): a list of objects, or one object a line. */
  jsonSource(path: string): string;
  /**
   * An expression for FROM that reads files of one JSON object a line, with the given columns and their types. Lines
   * that are no such object, as a killed process leaves them, are left out.
   */
  jsonLinesSource(paths: readonly string[], columns: Readonly<Record<string, string>>): string;
  /** A SELECT of the rows (line, reason, text) that scans with this `rejects` name left out. */
  rejectedRows(rejects: string): string;
  /** A quoted identifier (a column or a plain name); HF307 for an empty one or one with control characters. */
  identifier(name: string): string;
  /** A quoted text literal, for the few places where an engine takes no bound value (DDL, COPY). */
  literal(text: string): string;
}
