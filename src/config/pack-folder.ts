import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { HoldfastError, nearestWord, packageFile, type ErrorPlace } from '../kernel/index.ts';

/** The packs that come with Holdfast. */
const SHIPPED = packageFile('packs');

/**
 * The folder of a pack: a text with a path separator is a folder, any other the name of a shipped
 * pack or else of a folder. Throws HF105 where neither is there.
 */
export async function findPack(text: string, baseFolder: string, place: ErrorPlace): Promise<string> {
  const folder = resolve(baseFolder, text);
  if (/[\\/]/.test(text) || text.startsWith('.')) return folder;
  const shipped = join(SHIPPED, text);
  if (await isFolder(shipped)) return shipped;
  if (await isFolder(folder)) return folder;
  const names = await shippedPacks();
  const nearest = nearestWord(text, names);
  throw new HoldfastError('HF105', {
    message: `there is no pack named ${text}`,
    hint:
      nearest === undefined
        ? `packs that come with Holdfast: ${names.join(', ')}; any other is given by its folder`
        : `did you mean ${nearest}?`,
    place,
  });
}

async function shippedPacks(): Promise<string[]> {
  const entries = await readdir(SHIPPED, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
