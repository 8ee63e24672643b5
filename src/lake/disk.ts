import { link, open } from 'node:fs/promises';
import { HoldfastError } from '../kernel/index.ts';

/**
 * The few acts on disk that make a commit durable and atomic. They come in as an argument so that a
 * test can stop a writer between any two of them.
 */
export interface DiskEffects {
  /** Waits until the content of a file, or the entries of a folder, are on the disk. */
  sync(filePath: string): Promise<void>;
  /** Gives a finished file its final name; fails with EEXIST where that name is taken. */
  publish(temporaryPath: string, finalPath: string): Promise<void>;
}

const NO_HARD_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV']);

/** The real disk. */
export const localDisk: DiskEffects = {
  sync: async (filePath) => {
    const handle = await open(filePath, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  publish: async (temporaryPath, finalPath) => {
    try {
      await link(temporaryPath, finalPath);
    } catch (cause) {
      if (!NO_HARD_LINKS.has(errorCode(cause) ?? '')) throw cause;
      throw new HoldfastError('HF107', {
        message: `the file system of ${finalPath} has no hard links, which an atomic commit needs`,
        hint: 'put the workspace on a local disk',
        cause,
      });
    }
  },
};

/** The `code` of a system error such as ENOENT. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** The result of `work`, or `otherwise` where a file or folder does not exist. */
export async function unlessMissing<T, U>(work: Promise<T>, otherwise: U): Promise<T | U> {
  try {
    return await work;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return otherwise;
    throw error;
  }
}
