import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Engine, TableName, WrittenFile } from '../engine/index.ts';
import { HoldfastError } from '../kernel/index.ts';
import type { Add } from './action.ts';
import type { DiskEffects } from './disk.ts';
import { encodeLogPath } from './file-path.ts';
import type { WritePart } from './table-write.ts';

/** How many files are flushed to disk at a time. */
const SYNC_BATCH = 32;

/** Files that a write has put into the table's folder and not yet committed. */
export interface StagedFiles {
  /** Absolute folder that holds them and nothing else. */
  readonly folder: string;
  readonly files: readonly WrittenFile[];
  readonly adds: readonly Add[];
  readonly rows: number;
  readonly bytes: number;
}

/**
 * Writes the rows of a SELECT below the table's folder, in a folder of their own, under the names
 * they keep: Delta finds files by the log, not by where they lie. On failure the folder is removed.
 */
export async function stage(
  engine: Engine,
  table: TableName,
  tableFolder: string,
  version: number,
  select: string,
  options: {
    readonly partitionBy: readonly string[];
    readonly parts?: readonly WritePart[];
    readonly onProgress?: (share: number) => void;
  },
): Promise<StagedFiles> {
  const folder = path.join(tableFolder, `v${String(version)}-${randomBytes(4).toString('hex')}`);
  await mkdir(folder, { recursive: true });
  try {
    const { parts, ...writing } = options;
    const written =
      parts === undefined
        ? await engine.writeParquet(select, folder, writing)
        : await stageParts(engine, folder, parts, writing);
    const files = written.filter((file) => file.rows > 0);
    for (const file of written) {
      if (file.rows === 0) await rm(path.join(folder, file.path));
      else checkPartitionValues(table, file);
    }
    const adds: Add[] = [];
    for (const file of files) {
      const { size, mtimeMs } = await stat(path.join(folder, file.path));
      adds.push({
        path: encodeLogPath(`${path.basename(folder)}/${file.path}`),
        partitionValues: { ...file.partition },
        size,
        modificationTime: Math.floor(mtimeMs),
        dataChange: true,
        stats: JSON.stringify({ numRecords: file.rows }),
      });
    }
    if (files.length === 0) await removeStaged(folder);
    const rows = files.reduce((sum, file) => sum + file.rows, 0);
    const bytes = adds.reduce((sum, add) => sum + add.size, 0);
    return { folder, files, adds, rows, bytes };
  } catch (error) {
    await removeStaged(folder);
    throw error;
  }
}

/** Writes or copies each part into the folders that its partition values name. */
async function stageParts(
  engine: Engine,
  folder: string,
  parts: readonly WritePart[],
  {
    partitionBy,
    onProgress,
  }: { readonly partitionBy: readonly string[]; readonly onProgress?: (share: number) => void },
): Promise<WrittenFile[]> {
  const written: WrittenFile[] = [];
  for (const [index, { partition, select, copyOf }] of parts.entries()) {
    const below = partitionBy.map((name) => `${name}=${encodeURIComponent(partition[name] ?? '')}`).join('/');
    const target = path.join(folder, below);
    await mkdir(target, { recursive: true });
    if (copyOf === undefined) {
      for (const file of await engine.writeParquet(select, target))
        written.push({ ...file, path: `${below}/${file.path}`, partition });
    } else {
      const name = `part-${randomBytes(8).toString('hex')}.parquet`;
      // Shares the blocks of the original where the file system can; otherwise a plain copy.
      await copyFile(copyOf.path, path.join(target, name), constants.COPYFILE_FICLONE);
      const { size } = await stat(path.join(target, name));
      if (size !== copyOf.bytes)
        throw new HoldfastError('HF202', {
          message: `the file had ${String(copyOf.bytes)} bytes when it was inspected and ${String(size)} when it was taken`,
          hint: 'write the file elsewhere, move it into place when it is complete, and run again',
          place: { file: copyOf.path },
        });
      written.push({ path: `${below}/${name}`, rows: copyOf.rows, bytes: size, partition });
    }
    onProgress?.((index + 1) / parts.length);
  }
  return written;
}

/** Makes the staged files and the folders that lead to them durable. */
export async function syncStaged(disk: DiskEffects, root: string, staged: StagedFiles): Promise<void> {
  const files = staged.files.map((file) => path.join(staged.folder, file.path));
  const folders = new Set<string>();
  for (const file of [staged.folder, ...files]) {
    for (let folder = path.dirname(file); folder.startsWith(root); folder = path.dirname(folder))
      folders.add(folder);
  }
  const all = [...files, ...folders];
  for (let start = 0; start < all.length; start += SYNC_BATCH)
    await Promise.all(all.slice(start, start + SYNC_BATCH).map((entry) => disk.sync(entry)));
}

/** Removes what a write staged; leftovers of a failing removal are orphans, which vacuum takes. */
export async function removeStaged(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
}

function checkPartitionValues(table: TableName, file: WrittenFile): void {
  for (const [column, value] of Object.entries(file.partition)) {
    if (value !== '' && value !== '__HIVE_DEFAULT_PARTITION__') continue;
    throw new HoldfastError('HF207', {
      message: `partition column ${column} of ${table} holds ${JSON.stringify(value)}, which Delta readers take for NULL`,
      hint: `write NULLIF(${column}, '${value}') AS ${column}, or partition by another column`,
      place: { field: column },
    });
  }
}
