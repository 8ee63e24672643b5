/**
 * The model folder: everything that is needed to score, to check and to trace one model, as files.
 * A folder is written once and never changed; its content hash leaves out who made it and when.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import {
  type BootstrapEvaluation,
  CALIBRATION_METHODS,
  type Calibrator,
  type CalibratorChoice,
  type ThresholdRule,
} from '../domain/index.ts';
import { canonicalJson, hashOf, HoldfastError, sha256 } from '../kernel/index.ts';
import type { FeatureEncoding } from './encoding.ts';
import type { StoredChoice } from './selection.ts';

/** Metrics on a split, or why there are none. */
export type SplitMetrics = BootstrapEvaluation | { readonly reason: string };

/** The decision threshold on calibrated probabilities, and the rule by which it was chosen on the `calibrate` rows. */
export interface Decision {
  readonly rule: ThresholdRule;
  /** Null where the calibrate rows have one class only. */
  readonly threshold: number | null;
}

/** All of a model but its place in the registry. */
export interface ModelContent {
  readonly horizonDays: number;
  readonly learner: { readonly name: string; readonly version: string };
  readonly modelText: string;
  readonly encoding: FeatureEncoding;
  /** Statistics of the training rows; scoring never computes one of its own. */
  readonly statistics: TrainingStatistics;
  readonly calibrator: StoredCalibrator;
  readonly settings: {
    readonly parameters: Readonly<Record<string, string | number | boolean>>;
    readonly rounds: number;
    readonly trees: number;
    readonly earlyStoppingRounds: number;
    readonly seed: number;
  };
  /** How it was chosen and what was done about rare positives; null in folders of earlier versions. */
  readonly choice: StoredChoice | null;
  /** From which probability on an entity counts as a predicted positive; null in folders of earlier versions. */
  readonly decision: Decision | null;
  readonly metrics: { readonly validation: SplitMetrics; readonly test: SplitMetrics };
  /** A few rows with what the model said of them when it was made. */
  readonly samples: readonly SampleRow[];
  /** What it was made from. */
  readonly lineage: {
    readonly packName: string;
    readonly packHash: string;
    readonly tables: Readonly<Record<string, number>>;
    readonly observedTo: string;
  };
}

/** A calibrator with what it was chosen by; models of older versions do not tell that. */
export type StoredCalibrator = Calibrator & {
  readonly choice?: Omit<CalibratorChoice, 'calibrator'>;
};

export interface TrainingStatistics {
  readonly rows: number;
  readonly positives: number;
  /** Share of positives among the training rows. */
  readonly baseRate: number;
  /** Nine inner edges of the validation rows' raw scores. */
  readonly decileEdges: readonly number[];
  readonly features: Readonly<Record<string, FeatureStatistics>>;
  /** Split gain of each feature, summed over the trees. */
  readonly gain: Readonly<Record<string, number>>;
}

/** The shares whose quantiles are stored of each numeric feature. */
export const STORED_QUANTILES = [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1] as const;

/** The values of a feature among the training rows. */
export interface FeatureStatistics {
  readonly missingShare: number;
  /** The STORED_QUANTILES of numbers; empty for categories. */
  readonly quantiles: readonly number[];
  /** Share of each category among the values that are there, by its code; models of older versions have none. */
  readonly shares?: readonly number[];
}

export interface SampleRow {
  readonly values: readonly (number | null)[];
  readonly raw: number;
}

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

/** Name of the model text: MLflow and the libraries go by its ending. */
function modelFile({ name }: ModelContent['learner']): string {
  return name === 'xgboost' || name === 'logistic_regression' ? 'model.json' : 'model.txt';
}

/** The content files by name. */
function contentFiles(content: ModelContent): Record<string, string> {
  return {
    [modelFile(content.learner)]: content.modelText,
    ...Object.fromEntries(Object.entries(CONTENT_FILES).map(([name, of]) => [name, of(content)])),
  };
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 1)}\n`;

export const modelName = (horizonDays: number): string => `churn_model_${String(horizonDays)}d`;

/** Hash over the content files; equal content, equal hash. */
export function contentHash(content: ModelContent): string {
  return hashOf(
    Object.fromEntries(Object.entries(contentFiles(content)).map(([name, text]) => [name, sha256(text)])),
  );
}

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
  const hash = contentHash(content);
  const versions = await versionsOf(models, name);
  for (const version of versions) {
    const stored = await readManifest(path.join(folder, String(version)));
    if (stored.contentHash === hash)
      return { ...content, name, version, contentHash: hash, provenance: stored.provenance };
  }
  const version = (versions.at(-1) ?? 0) + 1;
  const staged = path.join(folder, `.staged-${String(version)}-${String(process.pid)}`);
  await rm(staged, { recursive: true, force: true });
  await mkdir(staged, { recursive: true });
  const files: Record<string, string> = {};
  for (const [file, text] of Object.entries(contentFiles(content))) {
    files[file] = sha256(text);
    await writeFile(path.join(staged, file), text);
  }
  await writeFile(path.join(staged, 'MLmodel'), mlModel(content));
  await writeFile(
    path.join(staged, 'manifest.json'),
    json({ format: 1, name, contentHash: hash, files, provenance }),
  );
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
export async function readModel(models: string, name: string, version: number): Promise<StoredModel> {
  const folder = path.join(models, name, String(version));
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

/**
 * MLflow's description: `mlflow.lightgbm.load_model`, `mlflow.xgboost.load_model` and
 * `mlflow.pyfunc.load_model` take the folder of their library. Other models are described alone.
 */
function mlModel(content: ModelContent): string {
  const inputs = content.encoding.features.map(({ name }) => ({ type: 'double', name, required: true }));
  return stringify({
    flavors: flavorsOf(content.learner),
    signature: {
      inputs: canonicalJson(inputs),
      outputs: canonicalJson([{ type: 'tensor', 'tensor-spec': { dtype: 'float64', shape: [-1] } }]),
    },
  });
}

function flavorsOf(learner: ModelContent['learner']): Record<string, Record<string, string>> {
  const data = modelFile(learner);
  const { name, version } = learner;
  if (name === 'xgboost')
    return {
      xgboost: { data, xgb_version: version, model_class: 'xgboost.core.Booster', model_format: 'json' },
      python_function: { loader_module: 'mlflow.xgboost', data },
    };
  // A forest is a text of LightGBM like any other.
  if (name === 'lightgbm' || name === 'random_forest')
    return {
      lightgbm: { data, lgb_version: version },
      python_function: { loader_module: 'mlflow.lightgbm' },
    };
  return { holdfast: { data, learner: name, version } };
}
