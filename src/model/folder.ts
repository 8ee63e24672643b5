/**
 * The model folder: everything that is needed to score, to check and to trace one model, as files.
 * A folder is written once and never changed; its content hash leaves out who made it and when.
 */
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { CALIBRATION_METHODS } from '../domain/index.ts';
import { hashOf, HoldfastError, sha256 } from '../kernel/index.ts';
import type { Decision, ModelContent, StoredCalibrator, TrainingStatistics } from './content.ts';
import type { FeatureEncoding } from './encoding.ts';
import { json, writeFiles } from './files.ts';
import { modelFile, versionFilesForMlflow } from './mlflow-files.ts';
import type { StoredChoice } from './selection.ts';

/** Who made a model, when, with what; not part of its content hash. */
export interface Provenance {
  readonly runId: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly codeVersion: string;
}

/** A model in the registry. */
export interface StoredModel extends ModelContent {
  readonly name: string;
  readonly version: number;
  readonly contentHash: string;
  readonly provenance: Provenance;
}

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
  const versions = await versionsOf(models, name);
  for (const version of versions) {
    const stored = await readManifest(path.join(folder, String(version)));
    if (stored.contentHash === hash)
      return { ...content, name, version, contentHash: hash, provenance: stored.provenance };
  }
  const version = (versions.at(-1) ?? 0) + 1;
  const staged = path.join(folder, `.staged-${String(version)}-${String(process.pid)}`);
  await rm(staged, { recursive: true, force: true });
  await writeFiles(staged, {
    ...texts,
    'manifest.json': json({ format: 1, name, contentHash: hash, files, provenance }),
  });
  await rename(staged, path.join(folder, String(version)));
  return { ...content, name, version, contentHash: hash, provenance };
}

/** Version numbers of a model name, ascending; empty where there is none. */
export async function versionsOf(models: string, name: string): Promise<number[]> {
  const entries = await readdir(path.join(models, name)).catch(() => []);
  return entries
    .filter((entry) => /^[1-9][0-9]*$/.test(entry))
    .map(Number)
    .sort((a, b) => a - b);
}

/** Reads a stored model; HF503 where a file is missing or differs from its manifest. */
export function readModel(models: string, name: string, version: number): Promise<StoredModel> {
  return readModelFolder(path.join(models, name, String(version)), { name, version });
}

/** The same from a folder that may lie anywhere. */
export async function readModelFolder(
  folder: string,
  { name, version }: Pick<StoredModel, 'name' | 'version'>,
): Promise<StoredModel> {
  const manifest = await readManifest(folder);
  const texts: Record<string, string> = {};
  for (const [file, hash] of Object.entries(manifest.files)) {
    const text = await readFile(path.join(folder, file), 'utf8').catch((cause: unknown) =>
      damaged(folder, file, 'is missing', cause),
    );
    if (sha256(text) !== hash) throw damagedError(folder, file, 'is not what was stored');
    texts[file] = text;
  }
  const parse = (file: keyof typeof CONTENT_FILES): unknown => {
    const text = texts[file];
    if (text === undefined) throw damagedError(folder, file, 'is not in the manifest');
    return JSON.parse(text);
  };
  const { horizonDays, learner, ...settings } = parse('settings.json') as ModelContent['settings'] &
    Pick<ModelContent, 'horizonDays' | 'learner'>;
  return {
    name,
    version,
    contentHash: manifest.contentHash,
    provenance: manifest.provenance,
    horizonDays,
    learner,
    settings,
    modelText: texts[modelFile(learner)] ?? '',
    encoding: parse('features.json') as FeatureEncoding,
    statistics: parse('statistics.json') as TrainingStatistics,
    calibrator: calibratorOf(folder, parse('calibrator.json')),
    decision: texts['decision.json'] === undefined ? null : (parse('decision.json') as Decision | null),
    choice: texts['selection.json'] === undefined ? null : (parse('selection.json') as StoredChoice | null),
    metrics: parse('metrics.json') as ModelContent['metrics'],
    samples: parse('samples.json') as ModelContent['samples'],
    lineage: parse('lineage.json') as ModelContent['lineage'],
  };
}

/** A method of a later version cannot be applied, and a wrong one must not be. */
function calibratorOf(folder: string, stored: unknown): StoredCalibrator {
  const calibrator = stored as StoredCalibrator;
  if (CALIBRATION_METHODS.includes(calibrator.method)) return calibrator;
  throw damagedError(folder, 'calibrator.json', 'has a calibrator that this version does not know');
}

interface Manifest {
  readonly contentHash: string;
  readonly files: Readonly<Record<string, string>>;
  readonly provenance: Provenance;
}

/** The content hash covers the hashes of the files, so that no file can be exchanged along with its entry. */
async function readManifest(folder: string): Promise<Manifest> {
  let manifest: Manifest;
  try {
    manifest = JSON.parse(await readFile(path.join(folder, 'manifest.json'), 'utf8')) as Manifest;
  } catch (cause) {
    return damaged(folder, 'manifest.json', 'cannot be read', cause);
  }
  if (hashOf(manifest.files) !== manifest.contentHash)
    throw damagedError(folder, 'manifest.json', 'does not fit the content hash');
  return manifest;
}

function damaged(folder: string, file: string, what: string, cause: unknown): never {
  throw damagedError(folder, file, what, cause);
}

function damagedError(folder: string, file: string, what: string, cause?: unknown): HoldfastError {
  return new HoldfastError('HF503', {
    message: `the model file ${what}`,
    hint: 'restore the folder from a backup, or train again',
    place: { file: path.join(folder, file) },
    ...(cause === undefined ? {} : { cause }),
  });
}
