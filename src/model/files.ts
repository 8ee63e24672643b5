/** Writing the files of a model folder. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

export const json = (value: unknown): string => `${JSON.stringify(value, undefined, 1)}\n`;

/** Writes texts by their path below a folder, which is made where it is not there. */
export async function writeFiles(folder: string, texts: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(texts)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    // A line of the registry that names a file must not outlive it.
    await writeFile(file, text, { flush: true });
  }
}
