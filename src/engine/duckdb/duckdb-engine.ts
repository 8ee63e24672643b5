import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { DuckDBConnection, DuckDBInstance, DuckDBResultReader } from '@duckdb/node-api';
import { HoldfastError, packageFile } from '../../kernel/index.ts';
import type {
  Column,
  CsvOptions,
  CsvShape,
  Engine,
  NumericTable,
  Parameters,
  PreparedStatement,
  ReadFile,
  References,
  Row,
  TableName,
  WriteOptions,
  WrittenFile,
} from '../engine.ts';
import { textOf } from '../value-text.ts';
import type { KnownColumns, Lineage } from '../lineage.ts';
import { collectAcrossRows } from './across-rows.ts';
import { damagedFile } from './damaged-file.ts';
import { driver } from './driver.ts';
import { lineageOf } from './lineage.ts';
import { appendNumeric, appendTexts, readNumeric } from './numeric.ts';
import { parquetView } from './parquet.ts';
import { type FunctionFacts, FUNCTIONS_QUERY, functionFacts } from './stability.ts';
import { collectReferences } from './syntax.ts';
import { toValue } from './values.ts';

export interface DuckDbOptions {
  /** Folder for data that does not fit into memory; created where missing. */
  readonly temporaryFolder?: string;
  /** Such as `2GB`: what DuckDB may hold before it spills. */
  readonly memoryLimit?: string;
  /** 0 or absent: as many as the machine has. */
  readonly threads?: number;
  /** Keeps rows in the order of their source where a statement names no order; costs memory. */
  readonly preserveInsertionOrder?: boolean;
}

const FUNCTIONS = packageFile('src', 'engine', 'duckdb', 'functions.sql');
const PROGRESS_INTERVAL_MS = 250;

/** Opens an in-memory DuckDB with Holdfast's functions; nothing is ever downloaded by it. */
export async function openDuckDb(options: DuckDbOptions = {}): Promise<Engine> {
  const opened = open(options);
  await opened;
  return new DuckDbEngine(() => opened);
}

/** The same, opened by the first statement: work that comes to none does not wait for DuckDB. */
export function duckDbAtFirstUse(options: DuckDbOptions = {}): Engine {
  return new DuckDbEngine(() => open(options));
}

interface Opened {
  readonly instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
  readonly release: () => void;
}

async function open(options: DuckDbOptions): Promise<Opened> {
  const settings: Record<string, string> = {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: String(options.preserveInsertionOrder ?? false),
  };
  if (options.memoryLimit !== undefined) settings['memory_limit'] = options.memoryLimit;
  if (options.threads !== undefined && options.threads > 0) settings['threads'] = String(options.threads);
  if (options.temporaryFolder !== undefined) {
    await mkdir(options.temporaryFolder, { recursive: true });
    settings['temp_directory'] = options.temporaryFolder;
  }
  const instance = await driver().DuckDBInstance.create(':memory:', settings);
  const connection = await connect(instance);
  await connection.run(readFileSync(FUNCTIONS, 'utf8'));
  return {
    instance,
    connection,
    release: () => {
      instance.closeSync();
    },
  };
}

async function connect(instance: DuckDBInstance): Promise<DuckDBConnection> {
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'").catch(() => undefined);
  return connection;
}

class DuckDbEngine implements Engine {
  readonly name = 'duckdb';
  readonly capabilities = { readsCsv: true, exactDecimalSums: true };
  readonly #open: () => Promise<Opened>;
  #opened: Promise<Opened> | undefined;
  /** The data files behind each lake table, to name the table where one of them cannot be read. */
  readonly #files = new Map<string, readonly ReadFile[]>();
  #functions: FunctionFacts | undefined;

  constructor(open: () => Promise<Opened>) {
    this.#open = open;
  }

  get version(): string {
    return driver().version();
  }

  get #connection(): Promise<DuckDBConnection> {
    this.#opened ??= this.#open();
    return this.#opened.then(({ connection }) => connection);
  }

  async session(): Promise<Engine> {
    this.#opened ??= this.#open();
    const { instance } = await this.#opened;
    const opened = { instance, connection: await connect(instance), release: () => undefined };
    return new DuckDbEngine(() => Promise.resolve(opened));
  }

  async execute(sql: string, parameters?: Parameters): Promise<void> {
    await this.#guard(sql, async () => (await this.#connection).run(sql, bound(parameters)));
  }

  async rows(sql: string, parameters?: Parameters): Promise<Row[]> {
    return this.#guard(sql, async () =>
      plainRows(await (await this.#connection).runAndReadAll(sql, bound(parameters))),
    );
  }

  async prepare(sql: string): Promise<PreparedStatement> {
    const prepared = await this.#guard(sql, async () => (await this.#connection).prepare(sql));
    return {
      rows: (parameters) =>
        this.#guard(sql, async () => {
          if (parameters !== undefined) prepared.bind({ ...parameters });
          return plainRows(await prepared.runAndReadAll());
        }),
      [Symbol.asyncDispose]: async () => {
        prepared.destroySync();
        return Promise.resolve();
      },
    };
  }

  async numeric(sql: string, parameters?: Parameters): Promise<NumericTable> {
    const [counted] = await this.rows(`SELECT count(*) AS n FROM (${sql}\n) AS counted`, parameters);
    return this.#guard(sql, async () => {
      const result = await (await this.#connection).stream(sql, bound(parameters));
      return readNumeric(result, Number(counted?.['n'] ?? 0));
    });
  }

  async loadNumeric(name: string, columns: Readonly<Record<string, ArrayLike<number>>>): Promise<void> {
    const declared = Object.keys(columns).map((column) => `${this.identifier(column)} DOUBLE`);
    await this.execute(
      `CREATE OR REPLACE TEMPORARY TABLE ${this.identifier(name)} (${['row_index BIGINT', ...declared].join(', ')})`,
    );
    const appender = await (await this.#connection).createAppender(name);
    appendNumeric(appender, Object.values(columns));
    appender.closeSync();
  }

  async loadTexts(
    name: string,
    columns: Readonly<Record<string, readonly (string | null)[]>>,
  ): Promise<void> {
    const declared = Object.keys(columns).map((column) => `${this.identifier(column)} VARCHAR`);
    await this.execute(
      `CREATE OR REPLACE TEMPORARY TABLE ${this.identifier(name)} (${['row_index BIGINT', ...declared].join(', ')})`,
    );
    const appender = await (await this.#connection).createAppender(name);
    appendTexts(appender, Object.values(columns));
    appender.closeSync();
  }

  async describe(sql: string): Promise<Column[]> {
    const described = await this.rows(`DESCRIBE ${sql}`);
    return described.map((row) => ({ name: textOf(row['column_name']), type: textOf(row['column_type']) }));
  }

  async references(sql: string): Promise<References> {
    return collectReferences(await this.#statements(sql));
  }

  async lineage(sql: string, known: KnownColumns): Promise<Lineage> {
    return lineageOf(await this.#statements(sql), known, await this.#functionFacts());
  }

  async acrossRows(sql: string): Promise<readonly string[]> {
    return collectAcrossRows(await this.#statements(sql), await this.#functionFacts());
  }

  async #functionFacts(): Promise<FunctionFacts> {
    this.#functions ??= functionFacts(
      (await this.rows(FUNCTIONS_QUERY)).map((row) => ({
        name: textOf(row['name']),
        isAggregate: row['is_aggregate'] === true,
      })),
    );
    return this.#functions;
  }

  /** The statements of a SELECT as syntax trees. */
  async #statements(sql: string): Promise<unknown[]> {
    const [row] = await this.rows('SELECT json_serialize_sql(CAST($sql AS VARCHAR)) AS tree', { sql });
    const tree = JSON.parse(textOf(row?.['tree'])) as {
      error: boolean;
      error_message?: string;
      statements?: unknown[];
    };
    if (tree.error || tree.statements?.length !== 1) {
      throw new HoldfastError('HF401', {
        message: `not one SELECT statement: ${tree.error_message ?? `${String(tree.statements?.length)} statements`}`,
        hint: 'write exactly one SELECT (WITH ... SELECT)',
      });
    }
    return tree.statements;
  }

  async writeParquet(select: string, folder: string, options: WriteOptions = {}): Promise<WrittenFile[]> {
    const partitionBy = options.partitionBy ?? [];
    const partition =
      partitionBy.length > 0
        ? `PARTITION_BY (${partitionBy.map((name) => this.identifier(name)).join(', ')}), `
        : '';
    const sql =
      `COPY (${select}\n) TO ${this.literal(folder)} ` +
      `(FORMAT parquet, COMPRESSION snappy, ${partition}PER_THREAD_OUTPUT false, ` +
      (partitionBy.length > 0 ? 'OVERWRITE_OR_IGNORE, ' : 'FILE_SIZE_BYTES 1000000000, ') +
      "FILENAME_PATTERN 'part-{uuid}', RETURN_STATS)";
    const stop = reportProgress(await this.#connection, options.onProgress);
    try {
      const written = await this.rows(sql, options.parameters);
      return written.map((row) => ({
        path: path.relative(folder, textOf(row['filename'])).split(path.sep).join('/'),
        rows: Number(row['count']),
        bytes: Number(row['file_size_bytes']),
        partition: partitionOf(row['partition_keys'], partitionBy),
      }));
    } finally {
      stop();
    }
  }

  async writeCsv(select: string, file: string): Promise<void> {
    await this.execute(`COPY (${select}\n) TO ${this.literal(file)} (FORMAT csv, HEADER true)`);
  }

  async defineView(
    name: TableName,
    files: readonly ReadFile[],
    columns: readonly Column[],
    partitionColumns: readonly string[],
  ): Promise<void> {
    const [schema, table] = name.split('.');
    if (schema === undefined || table === undefined)
      throw new HoldfastError('HF307', { message: `"${name}" is not a table name of the form layer.table` });
    await this.execute(`CREATE SCHEMA IF NOT EXISTS ${this.identifier(schema)}`);
    this.#files.set(name, files);
    const view = parquetView(this, files, columns, partitionColumns);
    const define = (select: string): Promise<void> =>
      this.execute(
        `CREATE OR REPLACE VIEW ${this.identifier(schema)}.${this.identifier(table)} AS ${select}`,
      );
    await define(view.select()).catch(async (error: unknown) => {
      // The files are looked at only here: most often some of them have all columns.
      const present = await Promise.all(view.scans.map((scan) => this.describe(scan)));
      const names = present.map((found) => new Set(found.map((column) => column.name)));
      if (names.every((found) => columns.every((column) => found.has(column.name)))) throw error;
      await define(view.select(names));
    });
  }

  parquetSource(file: string): string {
    return `read_parquet([${this.literal(exactPath(file))}], hive_partitioning = false)`;
  }

  csvSource(file: string, options: CsvOptions): string {
    const { nullValues, rejects, shape } = options;
    const missing = ['', ...nullValues].map((text) => this.literal(text)).join(', ');
    const malformed =
      rejects === undefined
        ? 'ignore_errors = true'
        : `store_rejects = true, rejects_limit = 0, rejects_table = ${this.literal(rejects)}, ` +
          `rejects_scan = ${this.literal(`${rejects}_scans`)}`;
    const layout = shape === undefined ? 'all_varchar = true, sample_size = 20480' : this.#layout(shape);
    // DuckDB finds text that is no UTF-8 only in columns that it reads. Were some left out, a row would be
    // malformed in one query and fine in the next, so every query reads them all (a hash is never NULL).
    return (
      `(SELECT * FROM read_csv([${this.literal(exactPath(file))}], header = true, ${layout}, ` +
      `nullstr = [${missing}], hive_partitioning = false, ${malformed}) ` +
      'AS "holdfast csv row" WHERE hash("holdfast csv row") IS NOT NULL)'
    );
  }

  /** Options that leave nothing to DuckDB's sniffer, which takes half a minute for 10,000 columns. */
  #layout({ columns, delimiter, quote, escape, headerLine }: CsvShape): string {
    const typed = columns.map((name) => `${this.identifier(name)}: 'VARCHAR'`).join(', ');
    return (
      `auto_detect = false, columns = {${typed}}, delim = ${this.literal(delimiter)}, ` +
      `quote = ${this.literal(quote)}, escape = ${this.literal(escape)}, skip = ${String(headerLine - 1)}`
    );
  }

  jsonSource(file: string): string {
    // All objects are looked at for their types: a value of another type past a sample would end the query.
    return `read_json([${this.literal(exactPath(file))}], format = 'auto', sample_size = -1, hive_partitioning = false)`;
  }

  jsonLinesSource(files: readonly string[], columns: Readonly<Record<string, string>>): string {
    const list = files.map((file) => this.literal(exactPath(file))).join(', ');
    const typed = Object.entries(columns).map(([name, type]) => `${this.identifier(name)}: '${type}'`);
    return `read_json([${list}], format = 'newline_delimited', ignore_errors = true, columns = {${typed.join(', ')}}, hive_partitioning = false)`;
  }

  rejectedRows(rejects: string): string {
    return (
      `SELECT line, min(error_type || ': ' || error_message) AS reason, min(csv_line) AS text ` +
      `FROM ${this.identifier(rejects)} GROUP BY line`
    );
  }

  identifier(name: string): string {
    if (name === '' || /\p{Cc}/u.test(name))
      throw new HoldfastError('HF307', { message: `${JSON.stringify(name)} is not a usable name` });
    return `"${name.replaceAll('"', '""')}"`;
  }

  literal(value: string): string {
    return `'${value.replaceAll("'", "''")}'`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Nothing is closed that was never opened.
    const opened = await this.#opened?.catch(() => undefined);
    opened?.connection.closeSync();
    opened?.release();
  }

  async #guard<T>(sql: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof HoldfastError) throw cause;
      const message = cause instanceof Error ? cause.message : String(cause);
      if (message.includes('Out of Memory'))
        throw new HoldfastError('HF406', {
          message: message.split('\n')[0] ?? message,
          hint: 'raise engine.memory_limit, or free space in the temporary folder',
          cause,
        });
      const damaged = damagedFile(message, this.#files, cause);
      if (damaged !== undefined) throw damaged;
      throw new HoldfastError('HF401', {
        message,
        hint: `the statement begins: ${sql.trim().slice(0, 160).replaceAll(/\s+/g, ' ')}`,
        cause,
      });
    }
  }
}

/** Reports how far the statement of a connection is, until it is stopped. */
function reportProgress(
  connection: DuckDBConnection,
  onProgress: ((share: number) => void) | undefined,
): () => void {
  if (onProgress === undefined) return () => undefined;
  const timer = setInterval(() => {
    const { percentage } = connection.progress;
    if (percentage > 0) onProgress(percentage / 100);
  }, PROGRESS_INTERVAL_MS);
  return () => {
    clearInterval(timer);
  };
}

/** DuckDB reads `*`, `?` and `[` in a path as patterns and has no way to write them plainly. */
function exactPath(file: string): string {
  if (/[*?[\]{}]/.test(file))
    throw new HoldfastError('HF202', {
      message: 'the file name has one of the characters * ? [ ] { }',
      hint: 'rename the file',
      place: { file },
    });
  return file;
}

const plainRows = (reader: DuckDBResultReader): Row[] =>
  reader
    .getRowObjects()
    .map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, toValue(value)])));

const bound = (
  parameters: Parameters | undefined,
): Record<string, string | number | bigint | boolean | null> | undefined =>
  parameters === undefined ? undefined : { ...parameters };

function partitionOf(keys: unknown, partitionBy: readonly string[]): Record<string, string | null> {
  const found = (typeof keys === 'object' && keys !== null ? keys : {}) as Record<string, string | null>;
  return Object.fromEntries(partitionBy.map((name) => [name, found[name] ?? null]));
}
