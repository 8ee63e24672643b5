/** Logs of JSON lines in a folder, a file a process and day, so that no two processes ever write to one file. */
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir, open, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../kernel/index.ts';

/** A name of this process alone: a process that had its number before may have left a torn line. */
function freeName(folder: string, day: string): string {
  for (let part = 1; ; part += 1) {
    const file = path.join(folder, `${day}-${String(process.pid)}-${String(part)}.jsonl`);
    if (!existsSync(file)) return file;
  }
}

/** Makes a new file, also where a process of the same number in another container makes one now. Gives its path. */
export function makeDailyFile(folder: string, day: string, mode = 0o666): string {
  for (;;) {
    const file = freeName(folder, day);
    try {
      closeSync(openSync(file, 'ax', mode));
      return file;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}

/** Appends whole lines to the file of today; they are on disk when this is done. Calls must wait for each other. */
export function openDailyAppend(
  folder: string,
  clock: Clock,
  mode?: number,
): (lines: string) => Promise<void> {
  let file = '';
  let day = '';
  return async (lines) => {
    const today = clock.now().toISOString().slice(0, 10);
    if (file === '' || day !== today) {
      await mkdir(folder, { recursive: true });
      file = makeDailyFile(folder, today, mode);
      await syncFolder(folder);
      day = today;
    }
    const handle = await open(file, 'a');
    try {
      await handle.appendFile(lines);
      await handle.sync();
    } catch (error) {
      // It may end in the middle of a line: what comes next must not go on there.
      file = '';
      throw error;
    } finally {
      await handle.close();
    }
  };
}

/** Without it a power cut may take the name of a file whose bytes are on disk. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders, and keeps names by itself.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

/** The files of a log in the order of their names; none where it has not begun. */
export async function dailyFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .map((name) => path.join(folder, name));
}
