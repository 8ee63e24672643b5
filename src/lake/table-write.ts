/** What a write is asked to do, and the staged state it passes through before it is committed. */
import type { Column, ReadFile, TableName } from '../engine/index.ts';
import type { Json } from '../kernel/index.ts';

/**
 * `overwrite` replaces all rows (and the columns with them); `append` adds rows;
 * `replace-partitions` replaces the rows of some partition values and keeps all others.
 */
export type WriteMode = 'overwrite' | 'append' | 'replace-partitions';

/** Values of some or all partition columns as text, null standing for NULL. */
export type PartitionValues = Readonly<Record<string, string | null>>;

/** What the commit shall say of itself. */
export interface WriteInfo {
  readonly runId: string;
  /** `WRITE` where absent. */
  readonly operation?: string;
  /** Versions of the tables that the SELECT reads. */
  readonly inputs?: Readonly<Record<TableName, number>>;
  /** Anything else worth keeping beside the version, such as a hash of the SQL. */
  readonly holdfast?: Readonly<Record<string, Json>>;
}

/** Rows that share the values of all partition columns, which are not among their columns. */
export interface WritePart {
  /** Text form of each partition column's value; of an instant `YYYY-MM-DD HH:MM:SS.ffffff` in UTC. */
  readonly partition: Readonly<Record<string, string>>;
  /** The rows, without the partition columns. */
  readonly select: string;
  /** A Parquet file that holds exactly these rows and columns: it is copied instead of being written anew. */
  readonly copyOf?: { readonly path: string; readonly rows: number; readonly bytes: number };
}

export interface TableWrite {
  readonly mode: WriteMode;
  /** Where given, the rows come in these parts; the SELECT then only says what their columns are. */
  readonly parts?: readonly WritePart[];
  /** Without it a table that exists keeps its partition columns, unless it is overwritten: then it has none. */
  readonly partitionBy?: readonly string[];
  /**
   * With `replace-partitions`: the partitions to replace, even where the SELECT gives no rows for them;
   * rows outside of them are refused (HF308). Without it: those that occur among the new rows.
   */
  readonly partitions?: readonly PartitionValues[];
  /**
   * Lets rows that stay beside new ones have fewer columns: those that the table does not have yet are added
   * after its own, and read NULL in older rows. All others must fit as ever (HF308).
   */
  readonly mayAddColumns?: true;
  /** Table properties, all of them; without it they stay as they are. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Comments by column, all of them; without it columns of the same name keep theirs. */
  readonly comments?: Readonly<Record<string, string>>;
  readonly description?: string;
  readonly info: WriteInfo;
  /** The version the caller read, -1 for "no table yet"; any other one now is HF303. */
  readonly expectedVersion?: number;
  /** Called with the share done, 0 to 1, while the rows are written. */
  readonly onProgress?: (share: number) => void;
  /** Called when the rows are on disk and not yet visible; when it throws, nothing has happened. */
  readonly beforeCommit?: (staged: StagedWrite) => Promise<void>;
}

/** New rows that are on disk but not yet part of the table. */
export interface StagedWrite {
  readonly table: TableName;
  /** The version that the commit will make. */
  readonly version: number;
  readonly mode: WriteMode;
  /** The new files alone; files that the table keeps are not among them. */
  readonly files: readonly ReadFile[];
  /** Columns in the engine's types. */
  readonly columns: readonly Column[];
  readonly partitionColumns: readonly string[];
  readonly rows: number;
  readonly bytes: number;
  /** Defines an engine view of this name over the new rows. */
  defineView(name: TableName): Promise<void>;
}
