/**
 * Numbers of sets and versions are given once: what is deleted leaves its number behind, so that a score or an event
 * that names it never means another one.
 */
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

const NUMBERED = /^([1-9][0-9]*)(?:\.json|\.removed)?$/;

/** The number after all that were given in a folder. */
export async function nextNumber(folder: string): Promise<number> {
  const entries = await readdir(folder).catch(() => []);
  const given = entries.map((entry) => Number(NUMBERED.exec(entry)?.[1] ?? 0));
  return given.filter(Number.isSafeInteger).reduce((most, number) => Math.max(most, number), 0) + 1;
}

/** Marks the number of a set's file or a version's folder as given, before either is deleted. */
export async function retireNumber(file: string): Promise<void> {
  await writeFile(path.join(path.dirname(file), `${path.parse(file).name}.removed`), '', { flush: true });
}
