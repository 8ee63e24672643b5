/** Logs of JSON lines in a folder, a file a process and day, so that no two processes ever write to one file. */
import { closeSync, existsSync, openSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** A name of this process alone: a process that had its number before may have left a torn line. */
function freeName(folder: string, day: string): string {
  for (let part = 1; ; part += 1) {
    const file = path.join(folder, `${day}-${String(process.pid)}-${String(part)}.jsonl`);
    if (!existsSync(file)) return file;
  }
}

/** Makes a new file, also where a process of the same number in another container makes one now. Gives its path. */
export function makeDailyFile(folder: string, day: string): string {
  for (;;) {
    const file = freeName(folder, day);
    try {
      closeSync(openSync(file, 'ax'));
      return file;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
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
