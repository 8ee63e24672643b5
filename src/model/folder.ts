/**
 * The model folder: everything that is needed to score, to check and to trace one model, as files.
 * A folder is written once and never changed; its content hash leaves out who made it and when.
 */
import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { hashOf, sha256 } from '../kernel/index.ts';
import type { Decision, ModelContent, StoredCalibrator, TrainingStatistics } from './content.ts';
import type { FeatureEncoding } from './encoding.ts';
import { type FileSource, folderSource } from './file-source.ts';
import { json, writeFiles } from './files.ts';
import { nextNumber } from './numbers.ts';
import { modelFile, versionFilesForMlflow } from './mlflow-files.ts';
import { CONTENT_SCHEMAS, contradiction } from './content-schema.ts';
import { ManifestFile, problemOf } from './model-schemas.ts';
import type { StoredChoice } from './selection.ts';

/** Who made a model, when, with what; not part of its content hash. */
export interface Provenance {
  readonly runId: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly codeVersion: string;
  /** Id of the training set's table, which another lake has under the same name; models of older versions have none. */
  readonly trainingSetId?: string;
}

/** A model in the registry. */
export interface StoredModel extends ModelContent {
  readonly name: string;
  readonly version: number;
  readonly contentHash: string;
  readonly provenance: Provenance;
}

const MANIFEST = 'manifest.json';

/** All but the model text, whose name depends on the learner. */
const CONTENT_FILES = {
  'features.json': (content: ModelContent) => json(content.encoding),
  'statistics.json': (content: ModelContent) => json(content.statistics),
  'calibrator.json': (content: ModelContent) => json(content.calibrator),
  'decision.json': (content: ModelContent) => json(content.decision),
  'selection.json': (content: ModelContent) => json(content.choice),
  'settings.json': (content: ModelContent) =>
    json({ horizonDays: content.horizonDays, learner: content.learner, ...content.settings }),
  'metrics.json': (content: ModelContent) => json(content.metrics),
  'samples.json': (content: ModelContent) => json(content.samples),
  'lineage.json': (content: ModelContent) => json(content.lineage),
} as const;

/** The files by path: equal content, equal files. */
async function contentFiles(content: ModelContent): Promise<Record<string, string>> {
  return {
    [modelFile(content.learner)]: content.modelText,
    ...Object.fromEntries(Object.entries(CONTENT_FILES).map(([name, of]) => [name, of(content)])),
    ...(await versionFilesForMlflow(content)),
  };
}

export const modelName = (horizonDays: number): string => `churn_model_${String(horizonDays)}d`;

/**
 * Stores a model as the next version of its name below `models`; a model with the content of an existing
 * version is that version. Readers see the whole folder or none of it.
 */
export async function storeModel(
  models: string,
  content: ModelContent,
  provenance: Provenance,
): Promise<StoredModel> {
  const name = modelName(content.horizonDays);
  const folder = path.join(models, name);
  const texts = await contentFiles(content);
  const files = Object.fromEntries(Object.entries(texts).map(([file, text]) => [file, sha256(text)]));
  const hash = hashOf(files);
  const staged = path.join(folder, `.staged-${randomUUID()}`);
  let looked = 0;
  try {
    for (;;) {
      const versions = await versionsOf(models, name);
      for (const version of versions.filter((known) => known > looked)) {
        // What cannot be read is not the same; whether it is damaged is for those to say who need it.
        const stored = await readManifest(folderSource(path.join(folder, String(version)))).catch(
          () => undefined,
        );
        if (stored?.contentHash === hash)
          return { ...content, name, version, contentHash: hash, provenance: stored.provenance };
      }
      looked = versions.at(-1) ?? 0;
      const version = await nextNumber(folder);
      await writeFiles(staged, {
        ...texts,
        [MANIFEST]: manifestText({ name, contentHash: hash, files, provenance }),
      });
      // Another training may have taken the number meanwhile; then it may have stored the same, too.
      if (await takesPlace(staged, path.join(folder, String(version))))
        return { ...content, name, version, contentHash: hash, provenance };
    }
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

/** Renames a folder to a path where none is; false where one is there. */
async function takesPlace(staged: string, folder: string): Promise<boolean> {
  try {
    await rename(staged, folder);
    return true;
  } catch (error) {
    // Systems differ in the code that they give for a folder that is not empty.
    if (await stat(folder).catch(() => undefined)) return false;
    throw error;
  }
}

/** Version numbers of a model name, ascending; empty where there is none. */
export async function versionsOf(models: string, name: string): Promise<number[]> {
  const entries = await readdir(path.join(models, name)).catch(() => []);
  return entries
    .filter((entry) => /^[1-9][0-9]*$/.test(entry))
    .map(Number)
    .sort((a, b) => a - b);
}

/** Reads a stored model; HF503 where a file is missing or damaged. */
export function readModel(models: string, name: string, version: number): Promise<StoredModel> {
  return modelFrom(folderSource(path.join(models, name, String(version))), name, version);
}

/** The files of a stored version by their path below its folder. HF503 where its manifest is damaged. */
export async function versionFiles(models: string, name: string, version: number): Promise<string[]> {
  const { files } = await readManifest(folderSource(path.join(models, name, String(version))));
  return [MANIFEST, ...Object.keys(files)];
}

/** The model in a version's folder; every file is compared with its hash, then with the form it must have. */
export async function modelFrom(source: FileSource, name: string, version: number): Promise<StoredModel> {
  const manifest = await readManifest(source);
  if (manifest.name !== name) throw source.damaged(MANIFEST, `is that of ${manifest.name}`);
  const texts = new Map<string, string>();
  for (const [file, hash] of Object.entries(manifest.files)) {
    const bytes = await source.read(file);
    if (sha256(bytes) !== hash) throw source.damaged(file, 'is not what was stored');
    texts.set(file, bytes.toString('utf8'));
  }
  const textOf = (file: string): string => {
    const text = texts.get(file);
    if (text !== undefined) return text;
    throw source.damaged(file, 'is not in the manifest');
  };
  const parse = (file: keyof typeof CONTENT_FILES): unknown => {
    const value = parsed(source, file, textOf(file));
    const { error } = CONTENT_SCHEMAS[file].safeParse(value);
    if (error !== undefined) throw source.damaged(file, problemOf(error), error);
    return value;
  };
  const { horizonDays, learner, ...settings } = parse('settings.json') as ModelContent['settings'] &
    Pick<ModelContent, 'horizonDays' | 'learner'>;
  if (modelName(horizonDays) !== name) throw source.damaged('settings.json', `is not that of ${name}`);
  const encoding = parse('features.json') as FeatureEncoding;
  const samples = parse('samples.json') as ModelContent['samples'];
  const statistics = parse('statistics.json') as TrainingStatistics;
  const found = contradiction({ encoding, statistics, samples });
  if (found !== undefined) throw source.damaged(...found);
  return {
    name,
    version,
    contentHash: manifest.contentHash,
    provenance: manifest.provenance,
    horizonDays,
    learner,
    settings,
    modelText: textOf(modelFile(learner)),
    encoding,
    statistics,
    calibrator: parse('calibrator.json') as StoredCalibrator,
    decision: texts.has('decision.json') ? (parse('decision.json') as Decision | null) : null,
    choice: texts.has('selection.json') ? (parse('selection.json') as StoredChoice | null) : null,
    metrics: parse('metrics.json') as ModelContent['metrics'],
    samples,
    lineage: parse('lineage.json') as ModelContent['lineage'],
  };
}

function parsed(source: FileSource, file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw source.damaged(file, 'cannot be read', cause);
  }
}

interface Manifest {
  readonly name: string;
  readonly contentHash: string;
  readonly files: Readonly<Record<string, string>>;
  readonly provenance: Provenance;
}

/**
 * The content hash covers the hashes of the files, so that no file can be exchanged along with its entry, and `hash`
 * all of the manifest.
 */
function manifestText({ name, contentHash, files, provenance }: Manifest): string {
  const manifest = { format: 2, name, contentHash, files, provenance };
  return json({ ...manifest, hash: hashOf(manifest) });
}

async function readManifest(source: FileSource): Promise<Manifest> {
  const text = (await source.read(MANIFEST)).toString('utf8');
  const value = parsed(source, MANIFEST, text);
  const { data: manifest, error } = ManifestFile.safeParse(value);
  if (error !== undefined) throw source.damaged(MANIFEST, problemOf(error), error);
  if (hashOf(manifest.files) !== manifest.contentHash)
    throw source.damaged(MANIFEST, 'does not fit the content hash');
  const { hash, ...rest } = manifest.format === 2 ? manifest : { ...manifest, hash: undefined };
  // White space counts too: the file is as it was written, to the byte.
  if ((hash !== undefined && hash !== hashOf(rest)) || json(value) !== text)
    throw source.damaged(MANIFEST, 'is not what was stored');
  return manifest;
}
