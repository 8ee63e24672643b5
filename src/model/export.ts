/**
 * A model set in a folder of its own, from which other machines score without the workspace.
 *
 *     manifest.json                what the export is, all files with size and hash; replaced last, by one rename
 *     churn_model_30d.txt ...      the model texts alone, for programs that want no more
 *     sets/<hash>/set.json         the set
 *     sets/<hash>/<model>/...      each version's folder as it is in the workspace
 *
 * Readers go by the manifest alone. The folder it names is called after its own content and is complete before the
 * manifest names it, so that whoever reads meanwhile has the old set or the new one; the old one's folder stays until
 * the next export. It needs nothing of the file system but that a rename replaces one file, and makes no links.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hashOf, HoldfastError, sha256 } from '../kernel/index.ts';
import { folderSource, type FileSource, within } from './file-source.ts';
import { json } from './files.ts';
import { modelFrom, versionFiles } from './folder.ts';
import { modelFile } from './mlflow-files.ts';
import { ExportManifest, problemOf } from './model-schemas.ts';
import { type LoadedSet, setFrom, setWithModels } from './model-set.ts';

/** A set as it lies in an export. */
export interface ExportedSet extends LoadedSet {
  /** The folder below the export that it was read from, absolute. */
  readonly folder: string;
}

export interface WrittenExport {
  readonly manifest: ExportManifest;
  /** What was removed, below the export. */
  readonly removed: readonly string[];
}

const MANIFEST = 'manifest.json';
const FORMAT = 'holdfast-export/1';
const SETS = 'sets';
const SET_FILE = 'set.json';
const SET_FOLDER = /^[0-9a-f]{16}$/;
const COPY = /^churn_model_[1-9]\d*d\.(?:txt|json)$/;
const STAGED = /^\.staged-[0-9a-f-]{36}$/;
const AGAIN = 'export the set again: holdfast models export';
/** Smaller texts of trees are no models (LLD 5.4); a regression on few features may be. */
const TREES_LEAST_BYTES = 1024;
/** Larger files are not read: no model comes near it. */
const FILE_MOST_BYTES = 2 ** 30;
/** Another export may be writing what is younger. */
const UNDER_WAY_MS = 24 * 60 * 60 * 1000;

/**
 * Writes a set of the folder `models` as an export; the same set again changes nothing but what is damaged. `check` is
 * called with what was read back from the new files, before readers see them; what it throws leaves the export that is
 * there in use.
 *
 * @param now Milliseconds since 1970.
 * @throws HF101 where the folder is none, cannot be written, or holds what is not an export; HF503 for a model file
 *   that is missing, damaged or too small.
 */
export async function writeExport(
  folder: string,
  models: string,
  { set, models: members }: LoadedSet,
  { check, now }: { readonly check: (written: ExportedSet) => Promise<void>; readonly now: number },
): Promise<WrittenExport> {
  const contents = new Map<string, Buffer>([[SET_FILE, Buffer.from(json(set))]]);
  for (const { name, version } of members)
    for (const file of await versionFiles(models, name, version))
      contents.set(`${name}/${file}`, await readFile(path.join(models, name, String(version), file)));
  const files = Object.fromEntries(
    [...contents].map(([file, bytes]) => [file, { bytes: bytes.length, sha256: sha256(bytes) }]),
  );
  const copies = members.map(({ horizonDays, name, version, contentHash, learner }) => {
    const source = `${name}/${modelFile(learner)}`;
    const bytes = contents.get(source) ?? Buffer.alloc(0);
    const least = learner.name === 'logistic_regression' ? 1 : TREES_LEAST_BYTES;
    if (bytes.length < least)
      throw folderSource(path.join(models, name, String(version))).damaged(
        modelFile(learner),
        `has ${String(bytes.length)} bytes, which is too little for a model`,
      );
    const file = `${name}${path.extname(source)}`;
    return {
      horizonDays,
      name,
      version,
      contentHash,
      learner,
      file,
      bytes: bytes.length,
      sha256: sha256(bytes),
    };
  });
  try {
    const before = await targetState(folder);
    const own = `${SETS}/${hashOf(files).slice(0, 16)}`;
    const manifest = manifestOf({
      format: FORMAT,
      set: { id: set.id, hash: set.hash, packHash: set.packHash, contractHash: set.contractHash },
      folder: own,
      previous: before === undefined || before.folder === own ? (before?.previous ?? null) : before.folder,
      models: copies,
      files,
    });
    for (const [file, bytes] of contents) await replaceFile(path.join(folder, own, file), bytes);
    await check(await readSet(folder, manifest));
    for (const { file, name, learner } of copies)
      await replaceFile(
        path.join(folder, file),
        contents.get(`${name}/${modelFile(learner)}`) ?? Buffer.alloc(0),
      );
    await replaceFile(path.join(folder, MANIFEST), Buffer.from(json(manifest)));
    return { manifest, removed: await removeOld(folder, manifest, before, now) };
  } catch (error) {
    throw refusedByDisk(error, folder);
  }
}

/**
 * Reads the set of an export. The manifest, then size and hash of every file, then the form of what they hold are
 * checked; the model texts are not yet (`exportedSet` of the registry does that too).
 *
 * @throws HF503 that names the file which is missing or damaged.
 */
export async function readExport(folder: string): Promise<ExportedSet> {
  return readSet(folder, await readManifest(folder));
}

/** Number and hash of the exported set, by the manifest alone. HF503 where that is missing or damaged. */
export async function exportedName(folder: string): Promise<{ readonly id: number; readonly hash: string }> {
  return (await readManifest(folder)).set;
}

async function readSet(folder: string, manifest: ExportManifest): Promise<ExportedSet> {
  const own = path.join(folder, manifest.folder);
  const source = checkedSource(own, manifest.files);
  for (const file of Object.keys(manifest.files)) await source.read(file);
  const set = await setFrom(source, SET_FILE);
  const loaded = await setWithModels(set, source, (name, version) =>
    modelFrom(within(source, name), name, version),
  );
  const isTheOne =
    set.hash === manifest.set.hash &&
    set.id === manifest.set.id &&
    set.contractHash === manifest.set.contractHash;
  if (isTheOne) return { ...loaded, folder: path.resolve(own) };
  throw source.damaged(SET_FILE, 'is not that of the set which the manifest names');
}

/** Files that are read once and must have the size and the hash that the manifest says. */
function checkedSource(folder: string, files: ExportManifest['files']): FileSource {
  const disk = folderSource(folder, AGAIN);
  const read = new Map<string, Buffer>();
  return {
    ...disk,
    async read(file) {
      const known = read.get(file);
      if (known !== undefined) return known;
      const expected = Object.hasOwn(files, file) ? files[file] : undefined;
      if (expected === undefined) throw disk.damaged(file, 'is not in the manifest');
      const size = await stat(path.join(folder, file)).then(
        (found) => found.size,
        () => undefined,
      );
      if (size !== undefined && (size !== expected.bytes || size > FILE_MOST_BYTES))
        throw disk.damaged(file, `has ${String(size)} bytes, expected ${String(expected.bytes)}`);
      const bytes = await disk.read(file);
      if (sha256(bytes) !== expected.sha256) throw disk.damaged(file, 'is not what was exported');
      read.set(file, bytes);
      return bytes;
    },
  };
}

const manifestOf = (rest: Omit<ExportManifest, 'hash'>): ExportManifest => ({ ...rest, hash: hashOf(rest) });

async function readManifest(folder: string): Promise<ExportManifest> {
  const source = folderSource(folder, AGAIN);
  const text = (await source.read(MANIFEST)).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw source.damaged(MANIFEST, 'cannot be read', cause);
  }
  const { data: manifest, error } = ExportManifest.safeParse(value);
  if (error !== undefined) throw source.damaged(MANIFEST, problemOf(error), error);
  const { hash, ...rest } = manifest;
  if (hash !== hashOf(rest) || json(value) !== text)
    throw source.damaged(MANIFEST, 'is not what was exported');
  return manifest;
}

/** The manifest of the export in a folder, undefined without one; HF101 where the folder is something else. */
async function targetState(folder: string): Promise<ExportManifest | undefined> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) return undefined;
  if (!found.isDirectory()) throw refused(folder, 'is a file');
  const entries = await readdir(folder);
  if (entries.length === 0) return undefined;
  const manifest = await readManifest(folder).catch(() => undefined);
  if (manifest !== undefined) return manifest;
  // A first export that was killed, or one whose manifest is damaged, has left nothing else than this.
  const isOurs =
    entries.includes(SETS) &&
    entries.every((entry) => [SETS, MANIFEST].includes(entry) || COPY.test(entry) || STAGED.test(entry)) &&
    (await readdir(path.join(folder, SETS))).every((entry) => SET_FOLDER.test(entry));
  if (isOurs) return undefined;
  throw refused(folder, 'holds what is no export of Holdfast');
}

/** Writes a file durably where it is not there yet to the byte; readers see the old or the new one. */
async function replaceFile(file: string, bytes: Buffer): Promise<void> {
  const present = await readFile(file).catch(() => undefined);
  if (present?.equals(bytes) === true) return;
  await mkdir(path.dirname(file), { recursive: true });
  const staged = path.join(path.dirname(file), `.staged-${randomUUID()}`);
  try {
    await writeFile(staged, bytes, { flush: true });
    await rename(staged, file);
  } finally {
    await rm(staged, { force: true });
  }
}

/**
 * Removes what no reader can need any more: the set before the last one, copies of horizons that are no more, and what
 * killed exports left a day ago. Only what has the names of an export, and nothing that is named by the manifest.
 */
async function removeOld(
  folder: string,
  manifest: ExportManifest,
  before: ExportManifest | undefined,
  now: number,
): Promise<string[]> {
  const isOld = async (file: string): Promise<boolean> =>
    (await stat(path.join(folder, file))).mtimeMs < now - UNDER_WAY_MS;
  const kept = [manifest.folder, manifest.previous];
  const removed: string[] = [];
  for (const entry of await readdir(path.join(folder, SETS))) {
    const file = `${SETS}/${entry}`;
    if (!SET_FOLDER.test(entry) || kept.includes(file)) continue;
    if (file === before?.previous || (await isOld(file))) removed.push(file);
  }
  const copies = new Set(manifest.models.map(({ file }) => file));
  for (const { file } of before?.models ?? []) if (!copies.has(file)) removed.push(file);
  for (const within of [
    '.',
    manifest.folder,
    ...manifest.models.map(({ name }) => `${manifest.folder}/${name}`),
  ])
    for (const entry of await readdir(path.join(folder, within)))
      if (STAGED.test(entry) && (await isOld(path.join(within, entry))))
        removed.push(path.join(within, entry));
  const gone: string[] = [];
  for (const file of removed)
    // The new set is in use already; what a server holds on to goes with the next export.
    await rm(path.join(folder, file), { recursive: true, force: true }).then(
      () => gone.push(file),
      () => undefined,
    );
  return gone;
}

const refused = (folder: string, what: string, cause?: unknown): HoldfastError =>
  new HoldfastError('HF101', {
    message: `the models cannot be exported there: ${folder} ${what}`,
    hint: 'name a new or empty folder, or the folder of an earlier export',
    place: { field: '--to', file: folder },
    ...(cause === undefined ? {} : { cause }),
  });

/** What the disk says of a folder that cannot be written, as an error of whoever named it. */
function refusedByDisk(error: unknown, folder: string): unknown {
  if (!(error instanceof Error && 'code' in error)) return error;
  const isReadOnly = ['EACCES', 'EPERM', 'EROFS'].includes(String(error.code));
  if (isReadOnly) return refused(folder, 'cannot be written', error);
  return ['ENOTDIR', 'EEXIST', 'ENAMETOOLONG'].includes(String(error.code))
    ? refused(folder, 'cannot be a folder', error)
    : error;
}
