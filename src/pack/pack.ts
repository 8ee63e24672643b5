import type { ExpectationsFile, FeaturesFile, PackFile, PlaybookFile } from './schema.ts';

/** One SQL file of a pack: the SELECT that makes the table it is named after. */
export interface SqlFile {
  /** `layer.table`, from the folder and the file name. */
  readonly table: string;
  /** Path as shown to people, relative to the pack folder. */
  readonly path: string;
  /** The whole text. */
  readonly text: string;
  readonly header: SqlHeader;
}

/** What the comment block at the top of a SQL file states. */
export interface SqlHeader {
  readonly grain: string;
  readonly owner: string;
  readonly keys: readonly string[];
  readonly description: string;
  readonly partitionBy: readonly string[];
  /** Columns by which rows are ordered when the table is written, so that readers find an entity in few files. */
  readonly clusterBy: readonly string[];
}

/** A pack, read, checked and frozen. */
export interface Pack {
  readonly folder: string;
  readonly file: PackFile;
  readonly features: FeaturesFile['features'];
  readonly expectations: ExpectationsFile['tables'];
  readonly playbook: PlaybookFile;
  readonly sql: readonly SqlFile[];
  /** SHA-256 over every file of the pack that has a meaning for results. */
  readonly hash: string;
}
