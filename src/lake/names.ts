import path from 'node:path';
import type { Column, TableName } from '../engine/index.ts';
import { HoldfastError } from '../kernel/index.ts';

const NAME_PART = /^[a-z][a-z0-9_]{0,99}$/;
/** What Parquet and Delta forbid in a column name that is not mapped to another one. */
const FORBIDDEN_IN_COLUMN = /[ ,;{}()\n\t=]|\p{Cc}/u;

/** Whether a text names a table: `layer.table`, lower case, digits and underscores. */
export function isTableName(name: string): boolean {
  const parts = name.split('.');
  return parts.length === 2 && parts.every((part) => NAME_PART.test(part));
}

/** The folder of a table under the lake's root, or HF307 where the name is not one. */
export function tableFolder(root: string, table: TableName): string {
  if (!isTableName(table)) {
    throw new HoldfastError('HF307', {
      message: `${JSON.stringify(table)} is not a table name`,
      hint: 'write layer.table with lower-case letters, digits and underscores, each part starting with a letter',
    });
  }
  return path.join(root, ...table.split('.'));
}

/** Refuses column names that Delta cannot hold, and two that differ in case alone (HF307). */
export function checkColumnNames(table: TableName, columns: readonly Pick<Column, 'name'>[]): void {
  const seen = new Map<string, string>();
  for (const { name } of columns) {
    if (name === '' || FORBIDDEN_IN_COLUMN.test(name)) {
      throw new HoldfastError('HF307', {
        message: `${JSON.stringify(name)} cannot be a column of ${table}`,
        hint: 'name the column with AS, without spaces and without , ; { } ( ) =',
        place: { field: name },
      });
    }
    const other = seen.get(name.toLowerCase());
    if (other !== undefined) {
      throw new HoldfastError('HF307', {
        message: `columns ${other} and ${name} of ${table} have the same name`,
        hint: 'name one of them differently with AS; case alone does not tell columns apart',
        place: { field: name },
      });
    }
    seen.set(name.toLowerCase(), name);
  }
}
