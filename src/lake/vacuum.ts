import { readdir, rmdir, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { TableName } from '../engine/index.ts';
import type { Remove, TableState } from './action.ts';
import { UNFINISHED_PREFIX } from './commit.ts';
import { unlessMissing } from './disk.ts';
import { resolveLogPath } from './file-path.ts';
import { listLog, LOG_FOLDER, readCommit } from './log-files.ts';

export interface VacuumOptions {
  /**
   * Versions younger than this stay readable, and files younger than this stay even if no version
   * names them: they may belong to a write that is under way. It must exceed the longest write.
   */
  readonly retainHours: number;
  /** Says what would be removed and removes nothing. */
  readonly dryRun?: boolean;
}

export interface VacuumResult {
  /** Paths relative to the table's folder, sorted. */
  readonly removed: readonly string[];
  readonly bytes: number;
}

const UNFINISHED_LOG_FILE = new RegExp(`^(${UNFINISHED_PREFIX.replace('.', '\\.')}|\\.checkpoint-)`);

/** Removes the files that no version within the retention needs. */
export async function vacuumFolder(
  table: TableName,
  folder: string,
  state: TableState,
  now: Date,
  options: VacuumOptions,
): Promise<VacuumResult> {
  const cutoff = now.getTime() - options.retainHours * 3_600_000;
  const kept = new Set<string>();
  for (const add of state.adds.values()) kept.add(resolveLogPath(table, folder, add.path));
  for (const remove of [...state.removes.values(), ...(await loggedRemoves(folder))])
    if ((remove.deletionTimestamp ?? 0) > cutoff) kept.add(resolveLogPath(table, folder, remove.path));
  const removed: string[] = [];
  let bytes = 0;
  for (const file of await candidates(folder)) {
    if (kept.has(file)) continue;
    const facts = await unlessMissing(stat(file), undefined);
    if (facts === undefined || facts.mtimeMs > cutoff) continue;
    if (options.dryRun !== true) await unlessMissing(unlink(file), undefined);
    removed.push(path.relative(folder, file).split(path.sep).join('/'));
    bytes += facts.size;
  }
  if (options.dryRun !== true) await removeEmptyFolders(folder, cutoff);
  return { removed: removed.sort(), bytes };
}

/** Checkpoints forget removed files after a week, which may be less than the retention: the commits do not. */
async function loggedRemoves(folder: string): Promise<Remove[]> {
  const removes: Remove[] = [];
  for (const version of (await listLog(folder)).commits)
    removes.push(...(await readCommit(folder, version)).flatMap((action) => action.remove ?? []));
  return removes;
}

/** Data files and unfinished log files; anything else in the folder is not ours to judge. */
async function candidates(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.name === LOG_FOLDER) {
      const names = await readdir(full);
      found.push(
        ...names.filter((name) => UNFINISHED_LOG_FILE.test(name)).map((name) => path.join(full, name)),
      );
    } else if (entry.isDirectory() && !isHidden(entry.name)) found.push(...(await candidates(full)));
    else if (entry.isFile() && entry.name.endsWith('.parquet')) found.push(full);
  }
  return found;
}

/** Delta leaves folders that begin so to their owners, partition folders excepted. */
const isHidden = (name: string): boolean => /^[._]/.test(name) && !name.includes('=');

async function removeEmptyFolders(folder: string, cutoff: number): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || isHidden(entry.name)) continue;
    const full = path.join(folder, entry.name);
    // Read before the children go, since their going makes the folder look new.
    const modified = (await stat(full)).mtimeMs;
    await removeEmptyFolders(full, cutoff);
    if (modified <= cutoff && (await readdir(full)).length === 0) await unlessMissing(rmdir(full), undefined);
  }
}
