/**
 * A model set: one version a horizon, the tiers' thresholds and the pack, evaluated and used as a whole.
 * Which set is in use stands in the registry's history.
 */
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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

/**
 * Stores the models as a set; a set that exists already is taken again. Nothing uses the set before the registry
 * says so.
 */
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
    if (set.hash === hash) return set;
  }
  await mkdir(path.join(models, SETS), { recursive: true });
  for (let id = (known.at(-1) ?? 0) + 1; ; id += 1) {
    const set: ModelSet = {
      id,
      versions: Object.fromEntries(members.map(({ name, version }) => [name, version])),
      contentHashes,
      contractHash: contract,
      packHash,
      hash,
    };
    // Another training may have taken the number meanwhile.
    if (await writeOnce(setFile(models, id), set)) return set;
  }
}

/** A set by its number, with its models. HF503 where a file of it is missing or damaged. */
export async function loadSet(models: string, id: number): Promise<LoadedSet> {
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

/** Whether a set was trained on the pack's feature contract. */
export const contractFits = (set: ModelSet, pack: Pack): boolean => set.contractHash === contractHash(pack);

/** Throws HF504 where a set was trained on another feature contract than the pack's. */
export function requireContract(set: ModelSet, pack: Pack): void {
  if (contractFits(set, pack)) return;
  throw new HoldfastError('HF504', {
    message: `model set ${String(set.id)} was trained on another feature contract than the pack has now`,
    hint: 'train again (holdfast run --retrain), or use the pack the set was trained with',
  });
}

/** Numbers of the sets on disk, ascending. */
async function setIds(models: string): Promise<number[]> {
  const entries = await readdir(path.join(models, SETS)).catch(() => []);
  return entries
    .map((entry) => /^([1-9][0-9]*)\.json$/.exec(entry)?.[1])
    .filter((id) => id !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
}

const setFile = (models: string, id: number): string => path.join(models, SETS, `${String(id)}.json`);

/** A set without its models. HF503 where its file is missing or damaged. */
async function readSet(models: string, id: number): Promise<ModelSet> {
  const file = setFile(models, id);
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

/** Writes a file that is not there yet, as a whole and durably; false where it is there. */
async function writeOnce(file: string, value: unknown): Promise<boolean> {
  const staged = `${file}.${String(process.pid)}.staged`;
  await writeFile(staged, `${JSON.stringify(value, undefined, 1)}\n`, { flush: true });
  try {
    // A rename would replace what another process has put there.
    await link(staged, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(staged, { force: true });
  }
}
