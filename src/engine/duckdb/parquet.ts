import type { Column, Engine, ReadFile } from '../engine.ts';

/** Parquet files that one scan reads. */
interface FileGroup {
  readonly files: readonly ReadFile[];
  /** Partition values of all of them; undefined where there are none or the folders say them. */
  readonly constants: ReadFile['partition'] | undefined;
}

type Quoting = Pick<Engine, 'identifier' | 'literal'>;

/** How Parquet files with partition values are read as one table. */
export interface ParquetView {
  /**
   * A SELECT with exactly the given columns and types. It fails where all files of a scan lack a column, as
   * those do that are older than it: then `present` must name the columns of each scan.
   */
  select(present?: readonly ReadonlySet<string>[]): string;
  /** SELECTs that show the columns of each scan, in its order. */
  readonly scans: readonly string[];
}

export function parquetView(
  engine: Quoting,
  files: readonly ReadFile[],
  columns: readonly Column[],
  partitionColumns: readonly string[],
): ParquetView {
  if (files.length === 0) {
    const nothing = columns.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${engine.identifier(name)}`);
    return { select: () => `SELECT ${nothing.join(', ')} WHERE false`, scans: [] };
  }
  const groups = groupsOf(files, partitionColumns);
  const sources = groups.map((group) => sourceOf(engine, group, partitionColumns));
  return {
    select: (present) =>
      groups
        .map((group, index) => {
          const selected = columnsOf(engine, group, columns, partitionColumns, present?.[index]);
          return `SELECT ${selected.join(', ')} FROM ${String(sources[index])}`;
        })
        .join('\nUNION ALL\n'),
    scans: sources.map((source) => `SELECT * FROM ${source}`),
  };
}

function groupsOf(files: readonly ReadFile[], partitionColumns: readonly string[]): FileGroup[] {
  if (partitionColumns.length === 0 || files.every((file) => followsHiveLayout(file, partitionColumns)))
    return [{ files, constants: undefined }];
  // Files written by others may lie anywhere: one group for each set of partition values.
  const groups = new Map<string, ReadFile[]>();
  for (const file of files) {
    const key = JSON.stringify(partitionColumns.map((name) => file.partition[name] ?? null));
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return [...groups.values()].map((group) => ({ files: group, constants: group[0]?.partition ?? {} }));
}

const areFromFolders = ({ constants }: FileGroup, partitionColumns: readonly string[]): boolean =>
  partitionColumns.length > 0 && constants === undefined;

function sourceOf(engine: Quoting, group: FileGroup, partitionColumns: readonly string[]): string {
  const list = group.files.map((file) => engine.literal(file.path)).join(', ');
  const types = partitionColumns.map((name) => `${engine.identifier(name)}: VARCHAR`).join(', ');
  const hive = areFromFolders(group, partitionColumns)
    ? `hive_partitioning = true, hive_types = {${types}}`
    : 'hive_partitioning = false';
  return `read_parquet([${list}], ${hive}, union_by_name = true)`;
}

function columnsOf(
  engine: Quoting,
  group: FileGroup,
  columns: readonly Column[],
  partitionColumns: readonly string[],
  present: ReadonlySet<string> | undefined,
): string[] {
  const { constants } = group;
  return columns.map(({ name, type }) => {
    const quoted = engine.identifier(name);
    if (partitionColumns.includes(name)) {
      // DuckDB 1.5.5 looks for a folder column's statistics in the file and fails on min and max of it
      // where a table has one file; an expression keeps it from looking, and files are still left out.
      if (constants === undefined) return `CAST(${quoted} || '' AS ${type}) AS ${quoted}`;
      const value = constants[name] ?? null;
      return `CAST(${value === null ? 'NULL' : engine.literal(value)} AS ${type}) AS ${quoted}`;
    }
    const isThere = present === undefined || present.has(name);
    return `CAST(${isThere ? quoted : 'NULL'} AS ${type}) AS ${quoted}`;
  });
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
