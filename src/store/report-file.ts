import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { HoldfastError } from '../kernel/index.ts';

/**
 * Writes a file of `reports/` as a whole: a reader, or a killed run, never sees half of it. HF108 where the folder is
 * none, or a folder lies where the file belongs.
 */
export async function writeReportFile(file: string, text: string): Promise<void> {
  const folder = path.dirname(file);
  const staged = `${file}.${String(process.pid)}.staged`;
  try {
    await mkdir(folder, { recursive: true });
    // On disk before it takes the place of what was there, which a power cut would else leave empty.
    await writeFile(staged, text, { flush: true });
    await rename(staged, file);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'EEXIST' || code === 'ENOTDIR')
      throw new HoldfastError('HF108', {
        message: `reports cannot be written: ${folder} is a file, not a folder`,
        hint: 'move the file away; the folder is made by itself',
        place: { file: folder },
        cause,
      });
    if (code === 'EISDIR')
      throw new HoldfastError('HF108', {
        message: 'the report cannot be written: a folder lies in its place',
        hint: 'move the folder away',
        place: { file },
        cause,
      });
    throw cause;
  }
}
