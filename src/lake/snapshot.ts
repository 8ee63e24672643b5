import type { Column, Engine, ReadFile, TableName } from '../engine/index.ts';
import { HoldfastError, type Json } from '../kernel/index.ts';
import { fieldsOf, type LoggedCommitInfo, rowsOf } from './action.ts';
import { type DeltaType, engineTypeOf } from './delta-type.ts';
import { readFileOf } from './file-path.ts';
import type { Replayed } from './replay.ts';
import { checkReadable } from './support.ts';

/** A column of a table. */
export interface TableField {
  readonly name: string;
  /** As Delta's schema JSON spells it, such as `long` or `decimal(10,2)`. */
  readonly type: DeltaType;
  readonly nullable: boolean;
  readonly comment?: string;
}

/** A live Parquet file of a table. */
export interface TableFile extends ReadFile {
  readonly bytes: number;
  readonly rows: number;
}

/** What a commit says of itself. */
export interface CommitInfo {
  /** Such as `WRITE`. */
  readonly operation: string;
  /** The run of Holdfast that wrote it; absent in tables of other writers. */
  readonly runId?: string;
  /** Versions of the tables that the rows were computed from. */
  readonly inputs: Readonly<Record<TableName, number>>;
  /** Anything else the writing step noted. */
  readonly holdfast: Readonly<Record<string, Json>>;
}

/** A table as it is at one version. It never changes; later commits make other snapshots. */
export interface Snapshot {
  readonly table: TableName;
  readonly version: number;
  /** Commit time in milliseconds since 1970. */
  readonly timestamp: number;
  /** The table's own id, the same through all versions. */
  readonly id: string;
  readonly description?: string;
  readonly files: readonly TableFile[];
  readonly fields: readonly TableField[];
  readonly partitionColumns: readonly string[];
  readonly properties: Readonly<Record<string, string>>;
  readonly info: CommitInfo;
  readonly rows: number;
  readonly bytes: number;
}

/** The snapshot that a replayed log amounts to; HF304 where it needs a newer reader. */
export async function toSnapshot(
  engine: Engine,
  table: TableName,
  folder: string,
  replayed: Pick<Replayed, 'state' | 'commitInfo' | 'timestamp'>,
): Promise<Snapshot> {
  const { state, timestamp, commitInfo } = replayed;
  checkReadable(table, state);
  const { metaData } = state;
  const fields = fieldsOf(metaData).map((field): TableField => {
    const comment = field.metadata['comment'];
    return {
      name: field.name,
      type: field.type,
      nullable: field.nullable,
      ...(typeof comment === 'string' ? { comment } : {}),
    };
  });
  const known: (ReadFile & { bytes: number; rows: number | undefined })[] = [];
  for (const add of state.adds.values()) {
    const file = readFileOf(table, folder, add, metaData.partitionColumns);
    known.push({ ...file, bytes: add.size, rows: rowsOf(add) });
  }
  const counted = await countRows(
    engine,
    known.filter((file) => file.rows === undefined).map((file) => file.path),
  );
  const files = known
    .map((file): TableFile => ({ ...file, rows: file.rows ?? counted.get(file.path) ?? 0 }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    table,
    version: state.version,
    timestamp,
    id: metaData.id,
    ...(metaData.description == null ? {} : { description: metaData.description }),
    files,
    fields,
    partitionColumns: metaData.partitionColumns,
    properties: metaData.configuration ?? {},
    info: toCommitInfo(commitInfo),
    rows: files.reduce((sum, file) => sum + file.rows, 0),
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
  };
}

/** A snapshot's columns in the engine's types. */
export function engineColumns(snapshot: Pick<Snapshot, 'table' | 'fields'>): Column[] {
  return snapshot.fields.map(({ name, type }) => ({ name, type: engineTypeOf(snapshot.table, type) }));
}

/** Reads what a commit says of itself; other writers leave the parts that are ours empty. */
export function toCommitInfo(logged: LoggedCommitInfo | undefined): CommitInfo {
  const { runId, inputs, ...rest } = logged?.holdfast ?? {};
  const versions: Record<TableName, number> = {};
  if (typeof inputs === 'object' && inputs !== null && !Array.isArray(inputs)) {
    for (const [table, version] of Object.entries(inputs))
      if (typeof version === 'number') versions[table] = version;
  }
  return {
    operation: logged?.operation ?? 'UNKNOWN',
    ...(typeof runId === 'string' ? { runId } : {}),
    inputs: versions,
    holdfast: rest,
  };
}

/** Rows of Parquet files from their own footers, for writers that log no statistics. */
async function countRows(engine: Engine, paths: readonly string[]): Promise<Map<string, number>> {
  if (paths.length === 0) return new Map();
  const list = paths.map((file) => engine.literal(file)).join(', ');
  try {
    const rows = await engine.rows(`SELECT file_name, num_rows FROM parquet_file_metadata([${list}])`);
    return new Map(rows.map((row) => [row['file_name'] as string, Number(row['num_rows'])]));
  } catch (cause) {
    throw new HoldfastError('HF306', {
      message: 'a data file that the table log names cannot be read',
      hint: 'restore the file from a backup, or build the table again',
      cause,
    });
  }
}
