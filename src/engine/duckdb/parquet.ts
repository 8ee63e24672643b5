import type { Column, Engine, ReadFile } from '../engine.ts';

/** A SELECT over Parquet files with exactly the given columns, types and partition values. */
export function readParquetSelect(
  engine: Pick<Engine, 'identifier' | 'literal'>,
  files: readonly ReadFile[],
  columns: readonly Column[],
  partitionColumns: readonly string[],
): string {
  if (files.length === 0) {
    const nothing = columns.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${engine.identifier(name)}`);
    return `SELECT ${nothing.join(', ')} WHERE false`;
  }
  if (partitionColumns.length === 0 || files.every((file) => followsHiveLayout(file, partitionColumns)))
    return readGroup(engine, files, columns, partitionColumns, undefined);
  // Files written by others may lie anywhere: one group for each set of partition values.
  const groups = new Map<string, ReadFile[]>();
  for (const file of files) {
    const key = JSON.stringify(partitionColumns.map((name) => file.partition[name] ?? null));
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return [...groups.values()]
    .map((group) => readGroup(engine, group, columns, partitionColumns, group[0]?.partition ?? {}))
    .join('\nUNION ALL\n');
}

function readGroup(
  engine: Pick<Engine, 'identifier' | 'literal'>,
  files: readonly ReadFile[],
  columns: readonly Column[],
  partitionColumns: readonly string[],
  constants: ReadFile['partition'] | undefined,
): string {
  const list = files.map((file) => engine.literal(file.path)).join(', ');
  const byFolder = partitionColumns.length > 0 && constants === undefined;
  const types = columns
    .filter(({ name }) => partitionColumns.includes(name))
    .map(({ name }) => `${engine.identifier(name)}: VARCHAR`)
    .join(', ');
  const hive = byFolder ? `hive_partitioning = true, hive_types = {${types}}` : 'hive_partitioning = false';
  const selected = columns.map(({ name, type }) => {
    const quoted = engine.identifier(name);
    // DuckDB 1.5.5 looks for a folder column's statistics in the file and fails on min and max of it
    // where a table has one file; an expression keeps it from looking, and files are still left out.
    if (byFolder && partitionColumns.includes(name)) return `CAST(${quoted} || '' AS ${type}) AS ${quoted}`;
    if (constants === undefined || !partitionColumns.includes(name))
      return `CAST(${quoted} AS ${type}) AS ${quoted}`;
    const value = constants[name] ?? null;
    return `CAST(${value === null ? 'NULL' : engine.literal(value)} AS ${type}) AS ${quoted}`;
  });
  return `SELECT ${selected.join(', ')} FROM read_parquet([${list}], ${hive}, union_by_name = true)`;
}

/** Whether the folders of a file's path say its partition values, as `name=value/`. */
function followsHiveLayout(file: ReadFile, partitionColumns: readonly string[]): boolean {
  const segments = file.path.split('/');
  return partitionColumns.every((name) => {
    const value = file.partition[name] ?? null;
    return segments.includes(
      `${name}=${value === null ? '__HIVE_DEFAULT_PARTITION__' : encodeURIComponent(value)}`,
    );
  });
}
