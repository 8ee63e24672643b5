/** A disk that a process works on until it dies: at a given step, and at no other place, everything ends. */
import fs, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';

export interface DyingDisk {
  /** How many steps there were. */
  steps(): number;
  restore(): Promise<void>;
}

const NAMES = ['mkdir', 'rename', 'link', 'rm', 'writeFile', 'open'] as const;

const half = (data: unknown): string => String(data).slice(0, String(data).length >> 1);

/**
 * Calls `die` at the step of that number, counted from 1: before each call that changes what is below `folder`, and
 * before the second half of what one writes. `die` never comes back.
 */
export function dieAtStep(folder: string, step: number, die: () => Promise<never>): DyingDisk {
  const originals = Object.fromEntries(NAMES.map((name) => [name, fs[name]]));
  const { writeFile, open } = fs;
  const handles: FileHandle[] = [];
  let steps = 0;
  const arrive = async (): Promise<void> => {
    steps += 1;
    if (steps === step) await die();
  };
  const isWatched = (file: unknown): boolean =>
    `${String(file)}${path.sep}`.startsWith(`${folder}${path.sep}`);
  for (const name of ['mkdir', 'rename', 'link', 'rm'] as const) {
    const original = fs[name] as (...parts: unknown[]) => Promise<unknown>;
    Object.assign(fs, {
      [name]: async (...parts: unknown[]) => {
        if (isWatched(parts[0])) await arrive();
        return original(...parts);
      },
    });
  }
  Object.assign(fs, {
    writeFile: async (...[file, data, options]: Parameters<typeof writeFile>) => {
      if (!isWatched(file)) return writeFile(file, data, options);
      await arrive();
      if (steps + 1 === step) await writeFile(file, half(data));
      await arrive();
      await writeFile(file, data, options);
    },
    open: async (...parts: Parameters<typeof open>): Promise<FileHandle> => {
      if (!isWatched(parts[0])) return open(...parts);
      await arrive();
      const handle = await open(...parts);
      handles.push(handle);
      const write = handle.write.bind(handle) as (text: string) => Promise<unknown>;
      const sync = handle.sync.bind(handle);
      return Object.assign(handle, {
        // A line is written in one call; a process that dies in it may leave a part.
        write: async (text: string) => {
          await arrive();
          if (steps + 1 === step) await write(half(text));
          await arrive();
          return await write(text);
        },
        sync: async () => {
          await arrive();
          await sync();
        },
      });
    },
  });
  syncBuiltinESMExports();
  return {
    steps: () => steps,
    async restore() {
      Object.assign(fs, originals);
      syncBuiltinESMExports();
      for (const handle of handles) await handle.close();
    },
  };
}
