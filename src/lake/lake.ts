import { access, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Engine, TableName } from '../engine/index.ts';
import { type Clock, HoldfastError, nearestWord, type Progress, silentProgress } from '../kernel/index.ts';
import { type DiskEffects, localDisk, unlessMissing } from './disk.ts';
import { resolveLogPath } from './file-path.ts';
import { type CommitSummary, readHistory } from './history.ts';
import { listLog } from './log-files.ts';
import { isTableName, tableFolder } from './names.ts';
import { replay, type Replayed } from './replay.ts';
import { engineColumns, type Snapshot, toSnapshot } from './snapshot.ts';
import type { TableWrite } from './table-write.ts';
import { vacuumFolder, type VacuumOptions, type VacuumResult } from './vacuum.ts';
import { type LakeContext, writeTable } from './write.ts';

/** Delta Lake tables in a folder: table `layer.table` lies in `<root>/<layer>/<table>/`. */
export interface Lake {
  readonly root: string;
  /** All tables on disk, sorted. */
  names(): Promise<TableName[]>;
  exists(table: TableName): Promise<boolean>;
  /**
   * A table at a version, the newest by default. HF301 no such table, HF302 no such version (any more),
   * HF304 it needs a newer reader, HF306 its log is damaged.
   */
  snapshot(table: TableName, version?: number): Promise<Snapshot>;
  /** The versions of a table, oldest first. HF301. */
  history(table: TableName): Promise<CommitSummary[]>;
  /**
   * Writes the rows of a SELECT as the table's next version, all or nothing. HF303 another writer was
   * faster, HF305 a type Delta lacks, HF307 an unusable name, HF308 the table does not accept the write.
   */
  write(table: TableName, select: string, write: TableWrite): Promise<Snapshot>;
  /**
   * Defines the engine views `layer.table` of some tables, all by default, at the given versions or
   * the newest, and returns the snapshots that the views are pinned to.
   */
  attach(
    tables?: readonly TableName[],
    versions?: Readonly<Record<TableName, number>>,
  ): Promise<Record<TableName, Snapshot>>;
  /**
   * Defines the engine view `view` over a table, at the given version or the newest: a name of one's own stays as it is
   * when others attach the table anew. Errors as of `snapshot`.
   */
  define(view: TableName, table: TableName, version?: number): Promise<Snapshot>;
  /** Removes files that only versions older than the retention need, and what dead writers left. HF301. */
  vacuum(table: TableName, options: VacuumOptions): Promise<VacuumResult>;
}

export interface LakeOptions {
  /** Folder of the lake; it need not exist yet. */
  readonly root: string;
  readonly engine: Engine;
  readonly clock: Clock;
  /** Hears of what costs time but harms nothing, such as a checkpoint that cannot be read. */
  readonly progress?: Progress;
  /** Reads commits in place of checkpoints where all are there: for whoever shall not wait for the engine. */
  readonly readsCommits?: boolean;
}

/** Opens the lake in a folder. Nothing is read or made until it is asked for. */
export function openLake(options: LakeOptions, disk: DiskEffects = localDisk): Lake {
  return new LocalLake({
    root: path.resolve(options.root),
    engine: options.engine,
    clock: options.clock,
    progress: options.progress ?? silentProgress,
    disk,
    readsCommits: options.readsCommits ?? false,
  });
}

class LocalLake implements Lake {
  readonly #context: LakeContext;

  constructor(context: LakeContext) {
    this.#context = context;
  }

  get root(): string {
    return this.#context.root;
  }

  async names(): Promise<TableName[]> {
    const found: TableName[] = [];
    for (const layer of await subfolders(this.root)) {
      for (const table of await subfolders(path.join(this.root, layer))) {
        const name = `${layer}.${table}`;
        if (isTableName(name) && (await this.exists(name))) found.push(name);
      }
    }
    return found.sort();
  }

  async exists(table: TableName): Promise<boolean> {
    return (await listLog(tableFolder(this.root, table))).latest >= 0;
  }

  async snapshot(table: TableName, version?: number): Promise<Snapshot> {
    const replayed = await this.#replay(table, version);
    const folder = tableFolder(this.root, table);
    if (replayed.state.version < replayed.listing.latest) await checkNotVacuumed(table, folder, replayed);
    return toSnapshot(this.#context.engine, table, folder, replayed);
  }

  async history(table: TableName): Promise<CommitSummary[]> {
    if (!(await this.exists(table))) throw await this.#noTable(table);
    return readHistory(this.#context, table, tableFolder(this.root, table));
  }

  async write(table: TableName, select: string, write: TableWrite): Promise<Snapshot> {
    return writeTable(this.#context, table, select, write);
  }

  async attach(
    tables?: readonly TableName[],
    versions: Readonly<Record<TableName, number>> = {},
  ): Promise<Record<TableName, Snapshot>> {
    const attached: Record<TableName, Snapshot> = {};
    for (const table of tables ?? (await this.names()))
      attached[table] = await this.define(table, table, versions[table]);
    return attached;
  }

  async define(view: TableName, table: TableName, version?: number): Promise<Snapshot> {
    const snapshot = await this.snapshot(table, version);
    const columns = engineColumns(snapshot);
    await this.#context.engine.defineView(view, snapshot.files, columns, snapshot.partitionColumns);
    return snapshot;
  }

  async vacuum(table: TableName, options: VacuumOptions): Promise<VacuumResult> {
    const { state } = await this.#replay(table);
    const folder = tableFolder(this.root, table);
    return vacuumFolder(table, folder, state, this.#context.clock.now(), options);
  }

  async #replay(table: TableName, version?: number): Promise<Replayed> {
    const replayed = await replay(this.#context, table, tableFolder(this.root, table), version);
    if (replayed === undefined) throw await this.#noTable(table);
    return replayed;
  }

  async #noTable(table: TableName): Promise<HoldfastError> {
    const near = nearestWord(table, await this.names());
    return new HoldfastError('HF301', {
      message: `there is no table ${table} in ${this.root}`,
      hint: near === undefined ? 'build it first' : `did you mean ${near}?`,
    });
  }
}

/** The log outlives the files of old versions, so that a version may be named that is no longer there. */
async function checkNotVacuumed(table: TableName, folder: string, replayed: Replayed): Promise<void> {
  for (const add of replayed.state.adds.values()) {
    const file = resolveLogPath(table, folder, add.path);
    if ((await unlessMissing(access(file), false)) !== false) continue;
    throw new HoldfastError('HF302', {
      message: `version ${String(replayed.state.version)} of ${table} has been vacuumed`,
      hint: `its newest version is ${String(replayed.listing.latest)}`,
      place: { file },
    });
  }
}

async function subfolders(folder: string): Promise<string[]> {
  const entries = await unlessMissing(readdir(folder, { withFileTypes: true }), []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}
