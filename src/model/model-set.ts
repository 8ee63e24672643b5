/**
 * A model set: one version a horizon, the tiers' thresholds and the pack, evaluated and used as a whole.
 * `models/current.json` points to the set in use.
 */
import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { hashOf, HoldfastError } from '../kernel/index.ts';
import type { Pack } from '../pack/index.ts';
import { contractHash } from './encoding.ts';
import { readModel, type StoredModel } from './folder.ts';

export interface ModelSet {
  readonly id: number;
  /** Version by model name, such as `churn_model_30d`. */
  readonly versions: Readonly<Record<string, number>>;
  readonly contentHashes: Readonly<Record<string, string>>;
  readonly contractHash: string;
  readonly packHash: string;
  /** Hash of versions' contents and thresholds: equal sets, equal hash. */
  readonly hash: string;
}

/** A set with its models, shortest horizon first. */
export interface LoadedSet {
  readonly set: ModelSet;
  readonly models: readonly StoredModel[];
}

const SETS = 'sets';
const CURRENT = 'current.json';

/** Stores the models as a set and makes it the one in use; a set that exists already is taken again. */
export async function storeSet(
  models: string,
  members: readonly StoredModel[],
  packHash: string,
): Promise<ModelSet> {
  const contracts = new Set(members.map(({ encoding }) => encoding.contractHash));
  const [contract] = contracts;
  if (contract === undefined || contracts.size > 1)
    throw new HoldfastError('HF504', {
      message: 'the models of a set must have one feature contract',
      hint: 'train all horizons again',
    });
  const contentHashes = Object.fromEntries(members.map(({ name, contentHash }) => [name, contentHash]));
  const hash = hashOf({ contentHashes, packHash });
  const known = await setIds(models);
  for (const id of known) {
    const set = await readSet(models, id);
    if (set.hash === hash) {
      await writeDurably(path.join(models, CURRENT), { set: id });
      return set;
    }
  }
  const set: ModelSet = {
    id: (known.at(-1) ?? 0) + 1,
    versions: Object.fromEntries(members.map(({ name, version }) => [name, version])),
    contentHashes,
    contractHash: contract,
    packHash,
    hash,
  };
  await mkdir(path.join(models, SETS), { recursive: true });
  await writeDurably(path.join(models, SETS, `${String(set.id)}.json`), set);
  await writeDurably(path.join(models, CURRENT), { set: set.id });
  return set;
}

/** The set in use with its models, or undefined where nothing was trained yet. HF503 where it is damaged. */
export async function currentSet(models: string): Promise<LoadedSet | undefined> {
  const id = await currentId(path.join(models, CURRENT));
  if (id === undefined) return undefined;
  const set = await readSet(models, id);
  const loaded: StoredModel[] = [];
  for (const [name, version] of Object.entries(set.versions)) {
    const model = await readModel(models, name, version);
    if (model.contentHash !== set.contentHashes[name])
      throw new HoldfastError('HF503', {
        message: `${name} version ${String(version)} is not the model that set ${String(id)} was made of`,
        hint: 'restore the models folder from a backup, or train again',
      });
    loaded.push(model);
  }
  return { set, models: loaded.sort((a, b) => a.horizonDays - b.horizonDays) };
}

/** Throws HF504 where a set was trained on another feature contract than the pack's. */
export function requireContract(set: ModelSet, pack: Pack): void {
  if (set.contractHash === contractHash(pack)) return;
  throw new HoldfastError('HF504', {
    message: `model set ${String(set.id)} was trained on another feature contract than the pack has now`,
    hint: 'train again (holdfast run --retrain), or use the pack the set was trained with',
  });
}

/** Number of the set that the pointer names, undefined without a pointer. */
async function currentId(file: string): Promise<number | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw damagedFile(file, 'the pointer to the model set in use cannot be read', cause);
  }
  const id = /^\s*\{\s*"set":\s*([1-9][0-9]*)\s*\}\s*$/.exec(text)?.[1];
  if (id === undefined) throw damagedFile(file, 'the pointer to the model set in use names no set');
  return Number(id);
}

async function setIds(models: string): Promise<number[]> {
  const entries = await readdir(path.join(models, SETS)).catch(() => []);
  return entries
    .map((entry) => /^([1-9][0-9]*)\.json$/.exec(entry)?.[1])
    .filter((id) => id !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
}

async function readSet(models: string, id: number): Promise<ModelSet> {
  const file = path.join(models, SETS, `${String(id)}.json`);
  let set: ModelSet;
  try {
    set = JSON.parse(await readFile(file, 'utf8')) as ModelSet;
  } catch (cause) {
    throw damagedFile(file, 'the model set cannot be read', cause);
  }
  if (hashOf({ contentHashes: set.contentHashes, packHash: set.packHash }) !== set.hash)
    throw damagedFile(file, 'the model set does not fit its hash');
  return set;
}

function damagedFile(file: string, message: string, cause?: unknown): HoldfastError {
  return new HoldfastError('HF503', {
    message,
    hint: 'restore the models folder from a backup, or train again',
    place: { file },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Replaces a file so that a reader, or a machine that loses power, sees the old or the new content. */
async function writeDurably(file: string, value: unknown): Promise<void> {
  const staged = `${file}.${String(process.pid)}.staged`;
  const handle = await open(staged, 'w');
  try {
    await handle.writeFile(`${JSON.stringify(value, undefined, 1)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(staged, file);
}
