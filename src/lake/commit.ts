import { randomUUID } from 'node:crypto';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TableName } from '../engine/index.ts';
import { HoldfastError } from '../kernel/index.ts';
import type { Action } from './action.ts';
import { type DiskEffects, errorCode, unlessMissing } from './disk.ts';
import { commitPath, LOG_FOLDER } from './log-files.ts';

/** Beginning of the names of files that are not yet part of a log. */
export const UNFINISHED_PREFIX = '.commit-';

/**
 * Publishes a version: a finished temporary file gets the version's name by a hard link, which the
 * file system does wholly or not at all, and only once a name. HF303 where the version exists.
 */
export async function commitVersion(
  disk: DiskEffects,
  table: TableName,
  folder: string,
  version: number,
  actions: readonly Action[],
): Promise<void> {
  const logFolder = path.join(folder, LOG_FOLDER);
  const temporary = path.join(logFolder, `${UNFINISHED_PREFIX}${randomUUID()}`);
  await mkdir(logFolder, { recursive: true });
  const final = commitPath(folder, version);
  try {
    await writeFile(temporary, actions.map((action) => `${JSON.stringify(action)}\n`).join(''), {
      flag: 'wx',
    });
    await disk.sync(temporary);
    await disk.publish(temporary, final);
  } catch (cause) {
    // A link may be reported as failed and yet be there; taking it back is no longer possible then.
    if (await isSameFile(temporary, final)) return;
    if (errorCode(cause) === 'EEXIST') throw committedFirst(table, version);
    throw cause;
  } finally {
    // The version is public by now, so that a leftover of its making must not turn it into a failure.
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

async function isSameFile(a: string, b: string): Promise<boolean> {
  const [first, second] = await Promise.all([a, b].map((file) => unlessMissing(stat(file), undefined)));
  return first !== undefined && first.ino === second?.ino && first.dev === second.dev;
}

/** The refusal that the slower of two writers gets. */
export function committedFirst(table: TableName, version: number): HoldfastError {
  return new HoldfastError('HF303', {
    message: `another writer committed version ${String(version)} of ${table} first`,
    hint: 'run the step again; it will start from the newer version',
  });
}
