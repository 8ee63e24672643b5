/** A model set as one folder, for programs that take a model as a whole, and back. */
import { cp, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import { hashOf, HoldfastError } from '../kernel/index.ts';
import { SetFile } from './content-schema.ts';
import { json, writeFiles } from './files.ts';
import { folderSource } from './file-source.ts';
import { modelFrom, modelName, type StoredModel } from './folder.ts';
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
      packHash: set.packHash,
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

const TAKE_AGAIN = 'take the folder from where it was written once more';

/** A set that came as a folder; numbers of sets and versions are those of where it was made. */
export interface GivenSet {
  readonly hash: string;
  readonly packHash: string;
  /** Shortest horizon first. */
  readonly models: readonly StoredModel[];
}

/**
 * Reads the folder of a set that anybody may have written: every file that is read is named by its manifest, has the
 * hash that it says and the shape that such a file has, and the hashes of the models make the hash of the set. Nothing
 * else in the folder is looked at, and no code of it is run.
 *
 * @throws HF503 for what is missing, damaged or makes no sense, with the file.
 */
export async function readSetFolder(folder: string): Promise<GivenSet> {
  const file = path.join(folder, 'set.json');
  const { hash, packHash, models: members } = await readAs(SetFile, file);
  const models: StoredModel[] = [];
  for (const { folder: name, horizonDays, version, contentHash } of members) {
    const place = path.join(folder, name);
    const manifest = path.join(place, 'manifest.json');
    const model = await modelFrom(folderSource(place, TAKE_AGAIN), name, version).catch((error: unknown) => {
      if (error instanceof HoldfastError) throw error;
      throw damaged(place, 'has no content of a model', error);
    });
    if (
      name !== modelName(model.horizonDays) ||
      horizonDays !== model.horizonDays ||
      contentHash !== model.contentHash
    )
      throw damaged(manifest, 'is of another model than set.json says');
    models.push(model);
  }
  const rises = models.every(({ horizonDays }, index) => horizonDays > (models[index - 1]?.horizonDays ?? 0));
  if (!rises) throw damaged(file, 'does not name the models by rising horizon');
  const contentHashes = Object.fromEntries(models.map(({ name, contentHash }) => [name, contentHash]));
  if (hashOf({ contentHashes, packHash }) !== hash) throw damaged(file, 'does not fit its hash');
  return { hash, packHash, models };
}

async function readAs<T>(schema: z.ZodType<T>, file: string): Promise<T> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw damaged(file, 'is missing or no JSON', cause);
  }
  return requireShape(schema, value, file);
}

function requireShape<T>(schema: z.ZodType<T>, value: unknown, file: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const at = issue?.path.slice(0, 6).map(String).join('.') ?? '';
  throw damaged(
    file,
    `has not the shape of a model${at === '' ? '' : `, at ${JSON.stringify(at.slice(0, 120))}`}`,
  );
}

function damaged(file: string, what: string, cause?: unknown): HoldfastError {
  return new HoldfastError('HF503', {
    message: `the model file ${what}`,
    hint: TAKE_AGAIN,
    place: { file },
    ...(cause === undefined ? {} : { cause }),
  });
}
