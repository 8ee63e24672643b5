/** Files of one folder that are read once, checked, and named where they are damaged. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { HoldfastError } from '../kernel/index.ts';

export interface FileSource {
  /** Bytes of a file by its path below the folder. HF503 where it cannot be read. */
  read(file: string): Promise<Buffer>;
  /** HF503 that names the file; `what` is said of it, such as `is missing`. */
  damaged(file: string, what: string, cause?: unknown): HoldfastError;
}

const RESTORE = 'restore the models folder from a backup, or train again';

/** The files below a folder on disk. */
export function folderSource(folder: string, hint = RESTORE): FileSource {
  const damaged = (file: string, what: string, cause?: unknown): HoldfastError =>
    new HoldfastError('HF503', {
      message: `the model file ${what}`,
      hint,
      place: { file: path.join(folder, file) },
      ...(cause === undefined ? {} : { cause }),
    });
  return {
    read: (file) =>
      readFile(path.join(folder, file)).catch((cause: unknown) => {
        const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
        throw damaged(file, isMissing ? 'is missing' : 'cannot be read', cause);
      }),
    damaged,
  };
}

/** The same files, those of a folder within. */
export const within = (source: FileSource, folder: string): FileSource => ({
  read: (file) => source.read(`${folder}/${file}`),
  damaged: (file, what, cause) => source.damaged(`${folder}/${file}`, what, cause),
});
