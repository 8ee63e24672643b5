/**
 * A workspace to serve from, without the hours of a training on real data: the pack of broadband, three models of 200
 * trees of 63 leaves on made-up values within its contract, registered and promoted, and features of so many customers.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { applyCalibrator, decileEdges, fitCalibrator } from '../../src/domain/index.ts';
import { openDuckDb } from '../../src/engine/index.ts';
import { systemClock } from '../../src/kernel/index.ts';
import { openLake } from '../../src/lake/index.ts';
import { type Learner, openLearner, sharedMatrix } from '../../src/learner/index.ts';
import { storeModel, type StoredModel, storeSet } from '../../src/model/index.ts';
import { contractHash } from '../../src/model/encoding.ts';
import { loadPack, type Pack } from '../../src/pack/index.ts';
import { LABELS_TABLE } from '../../src/prepare/index.ts';
import { openRegistry } from '../../src/registry/index.ts';
import { foldersOf } from '../../src/workflow/folders.ts';
import { uniformNumbers } from '../../tests/learner/example-data.ts';
import { type MadeFeature, madeFeatures, madeValue } from './made-rows.ts';

export interface MadeWorkspace {
  readonly folder: string;
  /** What the peer answers with: its contract and model texts. */
  readonly peerFolder: string;
  readonly features: readonly MadeFeature[];
  readonly entities: number;
}

const TREES = 200;
const LEAVES = 63;
const TRAINING_ROWS = 40_000;
const CALIBRATION_ROWS = 10_000;
const SAMPLES = 20;
export const PACK = path.join(import.meta.dirname, '../../packs/broadband');

/** Makes it below a folder; the key of a customer is `customerKey` of a number below `entities`. */
export async function makeWorkspace(root: string, entities: number): Promise<MadeWorkspace> {
  const pack = await loadPack(PACK);
  const folder = path.join(root, 'workspace');
  const peerFolder = path.join(root, 'peer');
  const features = madeFeatures(pack);
  await mkdir(folder, { recursive: true });
  await mkdir(peerFolder, { recursive: true });
  const models = await storeModels(foldersOf(folder).models, pack, features);
  await writePeer(peerFolder, pack, features, models);
  await writeTables(foldersOf(folder).lake, pack, features, entities);
  return { folder, peerFolder, features, entities };
}

async function storeModels(
  folder: string,
  pack: Pack,
  features: readonly MadeFeature[],
): Promise<readonly StoredModel[]> {
  await using learner = await openLearner('lightgbm');
  const models: StoredModel[] = [];
  for (const days of pack.file.horizons) models.push(await madeModel(folder, pack, features, learner, days));
  const set = await storeSet(folder, models, pack.hash);
  const registry = openRegistry(folder, systemClock);
  const summary = {
    id: set.id,
    hash: set.hash,
    versions: set.versions,
    pack: pack.file.name,
    packHash: set.packHash,
    testAucPr: {},
    origin: 'made up',
  };
  await registry.change({ by: 'bench' }, () => ({ kind: 'registered', summary }));
  const evidence = await registry.storeEvidence({ why: 'there is no other' });
  await registry.change({ by: 'bench' }, () => ({ kind: 'promoted', set: set.id, evidence }));
  return models;
}

async function madeModel(
  folder: string,
  pack: Pack,
  features: readonly MadeFeature[],
  learner: Learner,
  days: number,
): Promise<StoredModel> {
  const rows = TRAINING_ROWS + CALIBRATION_ROWS;
  const { matrix, labels } = madeRows(features, rows, days);
  const training = Uint32Array.from({ length: TRAINING_ROWS }, (_, row) => row);
  const parameters = { num_leaves: LEAVES, max_depth: 7, learning_rate: 0.05, min_child_samples: 20 };
  const { modelText } = await learner.train({
    features: matrix,
    featureNames: features.map(({ name }) => name),
    categorical: features.flatMap(({ type }, index) => (type === 'categorical' ? [index] : [])),
    trainRows: training,
    stopRows: new Uint32Array(),
    labels,
    parameters,
    rounds: TREES,
    earlyStoppingRounds: 0,
    seed: days,
    threads: 0,
  });
  await using loaded = await learner.load(modelText);
  const raw = (await loaded.predictRaw(matrix)).slice(TRAINING_ROWS);
  const { calibrator } = fitCalibrator('isotonic', raw, labels.slice(TRAINING_ROWS));
  const probabilities = applyCalibrator(calibrator, raw);
  const positives = training.reduce((sum, row) => sum + (labels[row] ?? 0), 0);
  const unknown = { reason: 'the rows are made up' };
  return await storeModel(
    folder,
    {
      horizonDays: days,
      learner: { name: 'lightgbm', version: learner.version },
      modelText,
      encoding: {
        features: features.map(({ name, type, categories }) => ({ name, type, categories })),
        contractHash: contractHash(pack),
      },
      statistics: {
        rows: TRAINING_ROWS,
        positives,
        baseRate: positives / TRAINING_ROWS,
        decileEdges: decileEdges(raw),
        features: Object.fromEntries(features.map(({ name }) => [name, { missingShare: 0, quantiles: [] }])),
        gain: {},
      },
      calibrator,
      settings: { parameters, rounds: TREES, trees: TREES, earlyStoppingRounds: 0, seed: days },
      choice: null,
      decision: null,
      metrics: { validation: unknown, test: unknown },
      samples: Array.from({ length: SAMPLES }, (_, row) => ({
        values: features.map((_feature, column) => {
          const value = matrix.data[column * rows + TRAINING_ROWS + row] as number;
          return Number.isNaN(value) ? null : value;
        }),
        raw: raw[row] as number,
        probability: probabilities[row] as number,
      })),
      lineage: { packName: pack.file.name, packHash: pack.hash, tables: {}, observedTo: '2024-10-01' },
    },
    { runId: 'bench', createdAt: systemClock.now().toISOString(), createdBy: 'bench', codeVersion: '0' },
  );
}

/** Rows within the contract, and labels that depend on most of their values. */
function madeRows(features: readonly MadeFeature[], rows: number, days: number) {
  const next = uniformNumbers(days);
  const matrix = sharedMatrix(rows, features.length);
  const labels = new Float32Array(rows);
  for (let row = 0; row < rows; row += 1) {
    let logOdds = days / 30 - 4;
    features.forEach((feature, column) => {
      const value = madeValue(feature, next);
      const code = typeof value === 'string' ? feature.categories.indexOf(value) : (value ?? Number.NaN);
      matrix.data[column * rows + row] = code;
      if (typeof value === 'string') logOdds += code % 3 === 1 ? 0.6 : 0;
      else if (value !== null)
        logOdds += ((4 * (value - feature.low)) / (feature.high - feature.low) - 1) / (1 + column / 3);
    });
    labels[row] = next() < 1 / (1 + Math.exp(-logOdds)) ? 1 : 0;
  }
  return { matrix, labels };
}

/** Features and labels of so many customers on one day. */
async function writeTables(
  root: string,
  pack: Pack,
  features: readonly MadeFeature[],
  entities: number,
): Promise<void> {
  await using engine = await openDuckDb();
  const lake = openLake({ root, engine, clock: systemClock });
  const columns = features.map(({ name, type, categories, low, high, isWhole }, index) => {
    const share = `(hash(i, ${String(index)}) % 100000) / 100000.0`;
    const number = `${String(low)} + ${String(high - low)} * pow(${share}, 3)`;
    const code = `CAST(hash(i, ${String(index)}) % ${String(categories.length)} AS INTEGER) + 1`;
    if (type === 'categorical')
      return `[${categories.map((name) => `'${name}'`).join(', ')}][${code}] AS ${name}`;
    return `CAST(${isWhole ? `floor(${number})` : number} AS ${isWhole ? 'INTEGER' : 'DOUBLE'}) AS ${name}`;
  });
  const info = { runId: 'bench', operation: 'BUILD', inputs: {}, holdfast: {} };
  const from = `FROM range(${String(entities)}) AS rows(i)`;
  const key = `'CUST_' || lpad(CAST(i AS VARCHAR), 8, '0') AS ${pack.file.entity.key}`;
  const keys = `${key}, DATE '2024-10-01' AS observation_date`;
  const write = { mode: 'overwrite', properties: {}, info } as const;
  await lake.write(pack.file.features.table, `SELECT ${keys}, ${columns.join(', ')} ${from}`, write);
  await lake.write(LABELS_TABLE, `SELECT ${keys}, 1 AS at_risk ${from}`, write);
}

async function writePeer(
  folder: string,
  pack: Pack,
  features: readonly MadeFeature[],
  models: readonly StoredModel[],
): Promise<void> {
  for (const { name, modelText } of models) await writeFile(path.join(folder, `${name}.txt`), modelText);
  const { ladder, otherwise } = pack.file.tiers;
  const played = (tier: string) => {
    const { action, owner, sla } = pack.playbook.tiers[tier] ?? {};
    return { name: tier, action: action ?? '', owner: owner ?? '', sla: sla ?? '' };
  };
  const contract = {
    id_field: 'customer_id',
    features: features.map(({ name, type, categories, low, high, isNullable }) => ({
      name,
      type,
      categories,
      minimum: low,
      maximum: high,
      nullable: isNullable,
    })),
    models: models.map(({ name, horizonDays, calibrator, statistics }) => ({
      days: horizonDays,
      file: `${name}.txt`,
      knots: 'knots' in calibrator ? calibrator.knots : undefined,
      base_rate: statistics.baseRate,
      decile_edges: statistics.decileEdges,
    })),
    tiers: [
      ...ladder.map(({ name, horizon, threshold }) => ({
        ...played(name),
        horizon: `${String(horizon)}d`,
        threshold,
      })),
      { ...played(otherwise), horizon: null, threshold: null },
    ],
  };
  await writeFile(path.join(folder, 'contract.json'), JSON.stringify(contract));
}
