import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReadFile, TableName } from '../engine/index.ts';
import { HoldfastError } from '../kernel/index.ts';
import type { Add } from './action.ts';

/** What Hive and Spark name the folder of NULL. */
const HIVE_NULL = '__HIVE_DEFAULT_PARTITION__';

/** A path relative to the table, as an `add` holds it: URI-encoded, `=` and `/` kept for the eye. */
export function encodeLogPath(relativePath: string): string {
  return relativePath
    .split('/')
    .map((segment) => encodeURIComponent(segment).replaceAll('%3D', '='))
    .join('/');
}

/** The absolute path of a file named in the log of the table in `folder`. */
export function resolveLogPath(table: TableName, folder: string, logged: string): string {
  if (logged.startsWith('file:')) return fileURLToPath(logged);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(logged)) {
    throw new HoldfastError('HF304', {
      message: `${table} names a file that is not on this machine: ${logged}`,
      hint: 'copy the table as a whole to the local disk',
    });
  }
  return path.resolve(folder, decode(logged));
}

/** Partition values as they are meant: an empty text and Hive's word stand for NULL. */
export function partitionOf(
  values: Readonly<Record<string, string | null>> | null | undefined,
  partitionColumns: readonly string[],
): Record<string, string | null> {
  return Object.fromEntries(
    partitionColumns.map((name) => {
      const value = values?.[name] ?? null;
      return [name, value === '' || value === HIVE_NULL ? null : value];
    }),
  );
}

/** A live file of the log as the engine reads it. */
export function readFileOf(
  table: TableName,
  folder: string,
  add: Add,
  partitionColumns: readonly string[],
): ReadFile {
  return {
    path: resolveLogPath(table, folder, add.path),
    partition: partitionOf(add.partitionValues, partitionColumns),
  };
}

function decode(logged: string): string {
  try {
    return decodeURIComponent(logged);
  } catch {
    // Some writers log the bare path, in which a lone % is no escape.
    return logged;
  }
}
