/**
 * What an answer costs without a door: requests a CPU second for three models of 200 trees of 63 leaves, by features
 * and by key, with and without reasons; and what it takes to bring the features of a snapshot into memory.
 * `npm run bench:serve-core -- --entities 200000`; `NODE_OPTIONS=--expose-gc` makes the figures of memory exact.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { openDuckDb } from '../src/engine/index.ts';
import { systemClock } from '../src/kernel/index.ts';
import { openLake } from '../src/lake/index.ts';
import { openLearner, openRowPredictor, sharedMatrix } from '../src/learner/index.ts';
import type { LoadedSet, StoredModel } from '../src/model/index.ts';
import { contractHash } from '../src/model/encoding.ts';
import { loadPack, type Pack } from '../src/pack/index.ts';
import { LABELS_TABLE } from '../src/prepare/index.ts';
import { openScoringService, type RequestValue } from '../src/workflow/index.ts';
import { uniformNumbers } from '../tests/learner/example-data.ts';

const FEATURES = 32;
const CATEGORICAL = [5, 12, 20, 31];
const CODES = 20;
const TRAINING_ROWS = 40_000;
const HORIZONS = [30, 60, 90];
const REQUESTS = 4000;

const { values: options } = parseArgs({ options: { entities: { type: 'string', default: '200000' } } });
const entities = Number(options.entities);

const names = Array.from({ length: FEATURES }, (_, index) => `f${String(index)}`);
const isCategorical = (feature: number): boolean => CATEGORICAL.includes(feature);
const categories = Array.from({ length: CODES }, (_, code) => `c${String(code).padStart(2, '0')}`);

/** The pack of broadband with made-up features, each with a sentence. */
async function madePack(): Promise<Pack> {
  const pack = await loadPack(path.join(import.meta.dirname, '../packs/broadband'));
  const features = names.map((name, index) => [
    name,
    {
      type: isCategorical(index) ? 'categorical' : 'numeric',
      nullable: true,
      source: 'snapshot',
      window: 'snapshot',
      label: name,
      reason: `${name} is {value}`,
      missing: [],
    },
  ]);
  const value = { ...pack.file.value, monthly_revenue: { column: 'f1' } };
  return {
    ...pack,
    features: Object.fromEntries(features) as Pack['features'],
    file: { ...pack.file, value, horizons: HORIZONS },
  };
}

async function trainSet(pack: Pack): Promise<LoadedSet> {
  const next = uniformNumbers(5);
  const features = sharedMatrix(TRAINING_ROWS, FEATURES);
  for (let feature = 0; feature < FEATURES; feature++)
    for (let row = 0; row < TRAINING_ROWS; row++) {
      const number = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
      const isMissing = feature % 5 === 0 && next() < 0.15;
      features.data[feature * TRAINING_ROWS + row] = isCategorical(feature)
        ? Math.floor(next() * next() * CODES)
        : isMissing
          ? NaN
          : number;
    }
  await using learner = await openLearner('lightgbm');
  const models: StoredModel[] = [];
  for (const [index, days] of HORIZONS.entries()) {
    const labels = Float32Array.from({ length: TRAINING_ROWS }, (_, row) => {
      let logOdds = index - 3;
      for (let feature = 0; feature < FEATURES; feature++) {
        const value = features.data[feature * TRAINING_ROWS + row] as number;
        if (Number.isNaN(value)) continue;
        logOdds += isCategorical(feature)
          ? [1, 4, 7].includes(value)
            ? 0.6
            : 0
          : (0.5 * value) / (1 + feature / 3);
      }
      return next() < 1 / (1 + Math.exp(-logOdds)) ? 1 : 0;
    });
    const { modelText } = await learner.train({
      features,
      featureNames: names,
      categorical: CATEGORICAL,
      trainRows: Uint32Array.from(labels, (_, row) => row),
      stopRows: new Uint32Array(),
      labels,
      parameters: { num_leaves: 63, max_depth: 7, learning_rate: 0.05, min_child_samples: 20 },
      rounds: 200,
      earlyStoppingRounds: 0,
      seed: index,
      threads: 0,
    });
    const knots = Array.from({ length: 100 }, (_, knot) => knot / 100);
    models.push({
      name: `churn_model_${String(days)}d`,
      version: 1,
      contentHash: '',
      horizonDays: days,
      learner: { name: 'lightgbm', version: learner.version },
      modelText,
      encoding: {
        features: names.map((name, feature) => ({
          name,
          type: isCategorical(feature) ? 'categorical' : 'numeric',
          categories: isCategorical(feature) ? categories : [],
        })),
        contractHash: contractHash(pack),
      },
      statistics: { rows: 0, positives: 0, baseRate: 0.1, decileEdges: [-4, -3, -2, -1, 0, 1, 2, 3, 4] },
      calibrator: {
        method: 'isotonic',
        knots: { x: knots.map((knot) => 12 * knot - 6), y: knots },
      },
      samples: [],
    } as unknown as StoredModel);
  }
  const set = { id: 1, hash: 'bench', contractHash: contractHash(pack), packHash: '', versions: {} };
  return { set: { ...set, contentHashes: {} }, models };
}

/** Features and labels of so many entities on one day. */
async function writeTables(root: string, pack: Pack): Promise<void> {
  await using engine = await openDuckDb();
  const lake = openLake({ root, engine, clock: systemClock });
  const key = pack.file.entity.key;
  const columns = names.map((name, feature) =>
    isCategorical(feature)
      ? `'c' || lpad(CAST(hash(i, ${String(feature)}) % ${String(CODES)} AS VARCHAR), 2, '0') AS ${name}`
      : `(hash(i, ${String(feature)}) % 100000) / 25000.0 - 2 AS ${name}`,
  );
  const info = { runId: 'bench', operation: 'BUILD', inputs: {}, holdfast: {} };
  const from = `FROM range(${String(entities)}) AS rows(i)`;
  const keys = `'CUST_' || lpad(CAST(i AS VARCHAR), 8, '0') AS ${key}, DATE '2024-10-01' AS observation_date`;
  const write = { mode: 'overwrite', properties: {}, info } as const;
  await lake.write(pack.file.features.table, `SELECT ${keys}, ${columns.join(', ')} ${from}`, write);
  await lake.write(LABELS_TABLE, `SELECT ${keys}, 1 AS at_risk ${from}`, write);
}

function perSecond(label: string, work: (request: number) => unknown): void {
  for (let request = 0; request < REQUESTS / 4; request++) work(request);
  const before = process.cpuUsage();
  for (let request = 0; request < REQUESTS; request++) work(request);
  const { user, system } = process.cpuUsage(before);
  const microseconds = (user + system) / REQUESTS;
  const rate = Math.round(1e6 / microseconds).toLocaleString('en');
  process.stdout.write(
    `${label.padEnd(44)} ${microseconds.toFixed(0).padStart(6)} µs ${rate.padStart(9)}/CPU s\n`,
  );
}

/** Longest time that a timer of a millisecond was late while something was awaited. */
async function longestHold<T>(work: Promise<T>): Promise<{ readonly result: T; readonly ms: number }> {
  let last = performance.now();
  let longest = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - 1);
    last = now;
  }, 1);
  const result = await work;
  clearInterval(timer);
  return { result, ms: longest };
}

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-serve-core-'));
try {
  const pack = await madePack();
  let set = await trainSet(pack);
  await writeTables(folder, pack);
  const rows = Array.from({ length: 500 }, (_, index) => {
    const next = uniformNumbers(index);
    const values = names.map((name, feature): [string, RequestValue] => [
      name,
      isCategorical(feature) ? (categories[Math.floor(next() * CODES)] ?? null) : next() * 4 - 2,
    ]);
    return Object.fromEntries(values);
  });

  const predictors = await Promise.all(set.models.map((model) => openRowPredictor(model)));
  const encoded = Array.from({ length: 500 }, (_, index) => {
    const next = uniformNumbers(index);
    return Float64Array.from(names, (_, feature) =>
      isCategorical(feature) ? Math.floor(next() * CODES) : next() * 4 - 2,
    );
  });
  perSecond('raw scores of three models', (request) =>
    predictors.map((predictor) => predictor.predictRaw(encoded[request % 500] as Float64Array)),
  );
  for (const predictor of predictors) predictor[Symbol.dispose]();

  const before = process.memoryUsage();
  const begun = performance.now();
  const { result: service, ms } = await longestHold(
    openScoringService({
      pack,
      clock: systemClock,
      loadSet: () => Promise.resolve(set),
      openEngine: () => openDuckDb({ threads: 1 }),
      lake: folder,
    }),
  );
  if (service.notReadyReason !== null) throw new Error(service.notReadyReason);
  globalThis.gc?.();
  const after = process.memoryUsage();
  process.stdout.write(
    `opened with ${String(service.snapshot?.entities ?? 0)} entities in ${((performance.now() - begun) / 1000).toFixed(1)} s, ` +
      `holding the thread for at most ${ms.toFixed(0)} ms; heap +${mebibytes(after.heapUsed - before.heapUsed)}, ` +
      `buffers +${mebibytes(after.arrayBuffers + after.external - before.arrayBuffers - before.external)}, ` +
      `process +${mebibytes(after.rss - before.rss)}\n`,
  );
  // Another set of the same models while requests are answered: texts are read, features are not.
  set = {
    ...set,
    set: { ...set.set, id: 2, hash: 'another' },
    models: set.models.map((model) => ({ ...model })),
  };
  const refreshed = await longestHold(service.reload());
  // Another version of the features.
  await writeTables(folder, pack);
  const reread = await longestHold(service.reload());
  process.stdout.write(
    `refreshed (${refreshed.result.outcome}) holding the thread for at most ${refreshed.ms.toFixed(0)} ms for another set, ` +
      `${reread.ms.toFixed(0)} ms for other features (${reread.result.outcome})\n`,
  );
  const given = (request: number) => ({ entityId: 'new', features: rows[request % 500] ?? {} });
  const key = (request: number) => ({
    entityId: `CUST_${String((request * 7919) % entities).padStart(8, '0')}`,
  });
  perSecond('features given, without reasons', (request) =>
    service.score(given(request), { reasons: false }),
  );
  perSecond('key given, without reasons', (request) => service.score(key(request), { reasons: false }));
  const contacted = rows.filter((features) => {
    const { tier } = service.score({ entityId: 'new', features }, { reasons: false });
    return tier !== pack.file.tiers.otherwise;
  });
  perSecond(`features given, with reasons (${String(contacted.length)} of 500 in a tier)`, (request) =>
    service.score(given(request)),
  );
  perSecond('features given, with reasons, all in a tier', (request) =>
    service.score({ entityId: 'new', features: contacted[request % contacted.length] ?? {} }),
  );
  perSecond('features given, all contributions', (request) =>
    service.score(given(request), { explain: true }),
  );
  await service[Symbol.asyncDispose]();
} finally {
  await rm(folder, { recursive: true, force: true });
}
