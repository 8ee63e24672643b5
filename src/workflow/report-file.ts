import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Writes a file of `reports/` as a whole: a reader, or a killed run, never sees half of it. */
export async function writeReportFile(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const staged = `${file}.${String(process.pid)}.staged`;
  await writeFile(staged, text);
  await rename(staged, file);
}
