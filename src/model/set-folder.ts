/** A model set as one folder, for programs that take a model as a whole. */
import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { json, writeFiles } from './files.ts';
import { setFilesForMlflow } from './mlflow-files.ts';
import type { LoadedSet } from './model-set.ts';

/**
 * Writes a set into a new or empty folder: each version's folder below the name of its model, as it is stored below
 * `models`; `set.json`, which names them, shortest horizon first; and what MLflow needs to answer as Holdfast does.
 */
export async function writeSetFolder(
  folder: string,
  models: string,
  { set, models: members }: LoadedSet,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, version } of members)
    await cp(path.join(models, name, String(version)), path.join(folder, name), { recursive: true });
  await writeFiles(folder, {
    'set.json': json({
      format: 1,
      set: set.id,
      hash: set.hash,
      models: members.map(({ horizonDays, name, version, contentHash }) => ({
        horizonDays,
        folder: name,
        version,
        contentHash,
      })),
    }),
    ...(await setFilesForMlflow(members)),
  });
}
