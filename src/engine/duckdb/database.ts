/** A DuckDB in memory with the functions that features are written with. */
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { packageFile } from '../../kernel/index.ts';
import { driver } from './driver.ts';

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

/** An open database; `release` closes it. */
export interface Database {
  readonly instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
  readonly release: () => void;
}

export async function openDatabase(options: DuckDbOptions): Promise<Database> {
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

/** A connection of its own to the same data. */
export async function connect(instance: DuckDBInstance): Promise<DuckDBConnection> {
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'").catch(() => undefined);
  return connection;
}
