/**
 * A model set: one version a horizon, the tiers' thresholds and the pack, evaluated and used as a whole.
 * Which set is in use stands in the registry's history.
 */
import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hashOf, HoldfastError } from '../kernel/index.ts';
import type { Pack } from '../pack/index.ts';
import { contractHash } from './encoding.ts';
import { type FileSource, folderSource } from './file-source.ts';
import { json } from './files.ts';
import { readModel, type StoredModel } from './folder.ts';
import { problemOf, SetFile } from './model-schemas.ts';
import { nextNumber } from './numbers.ts';

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
    // What cannot be read is not the same; whether it is damaged is for those to say who need it.
    const set = await readSet(models, id).catch(() => undefined);
    if (set?.hash === hash) return set;
  }
  await mkdir(path.join(models, SETS), { recursive: true });
  for (let id = await nextNumber(path.join(models, SETS)); ; id += 1) {
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
  return setWithModels(await readSet(models, id), folderSource(models), (name, version) =>
    readModel(models, name, version),
  );
}

/** Reads the models of a set and checks that they are those it was made of; `source` names what is wrong. */
export async function setWithModels(
  set: ModelSet,
  source: FileSource,
  read: (name: string, version: number) => Promise<StoredModel>,
): Promise<LoadedSet> {
  const loaded: StoredModel[] = [];
  for (const [name, version] of Object.entries(set.versions)) {
    const model = await read(name, version);
    const place = `${name}/${String(version)}`;
    if (model.contentHash !== set.contentHashes[name])
      throw source.damaged(place, `is not the one that set ${String(set.id)} was made of`);
    if (model.encoding.contractHash !== set.contractHash)
      throw source.damaged(place, `is of another feature contract than set ${String(set.id)}`);
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
export async function readSet(models: string, id: number): Promise<ModelSet> {
  const set = await setFrom(folderSource(path.join(models, SETS)), `${String(id)}.json`);
  if (set.id === id) return set;
  throw folderSource(path.join(models, SETS)).damaged(
    `${String(id)}.json`,
    `is that of set ${String(set.id)}`,
  );
}

/** The set in a file, as it was stored to the byte. */
export async function setFrom(source: FileSource, file: string): Promise<ModelSet> {
  const text = (await source.read(file)).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw source.damaged(file, 'cannot be read', cause);
  }
  const { data: set, error } = SetFile.safeParse(value);
  if (error !== undefined) throw source.damaged(file, problemOf(error), error);
  const names = Object.keys(set.versions);
  if (hashOf({ contentHashes: set.contentHashes, packHash: set.packHash }) !== set.hash)
    throw source.damaged(file, 'does not fit its hash');
  if (names.length === 0 || names.join() !== Object.keys(set.contentHashes).join() || json(value) !== text)
    throw source.damaged(file, 'is not what was stored');
  return set;
}

/** Writes a file that is not there yet, as a whole and durably; false where it is there. */
async function writeOnce(file: string, value: unknown): Promise<boolean> {
  const staged = `${file}.${randomUUID()}.staged`;
  await writeFile(staged, json(value), { flush: true });
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
