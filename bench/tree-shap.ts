/**
 * Shapley values beside the learner's own: rows a CPU second in batch and for single rows, and the wall time
 * of explaining every customer of a snapshot for three horizons.
 * `npm run bench:shap -- --runs 5 --rows 90000`; prints a table.
 */
import os from 'node:os';
import { parseArgs } from 'node:util';
import {
  type Explainer,
  type FeatureMatrix,
  openExplainer,
  openLearner,
  sharedMatrix,
} from '../src/learner/index.ts';
import { findLibrary, LIGHTGBM } from '../src/learner/native-library.ts';
import { type Booster, LightGbm } from '../src/learner/lightgbm/lightgbm.ts';
import { uniformNumbers } from '../tests/learner/example-data.ts';

const FEATURES = 32;
const CATEGORICAL = [5, 12, 20, 31];
const PARAMETERS = { num_leaves: 63, max_depth: 7, learning_rate: 0.05, min_child_samples: 20 };
const TREES = 200;
const TRAINING_ROWS = 60_000;
/** The library takes some milliseconds a row. */
const LIBRARY_BATCH = 600;
const OUR_BATCH = 12_000;
const SINGLE_ROWS = 300;

const { values: options } = parseArgs({
  options: { runs: { type: 'string', default: '5' }, rows: { type: 'string', default: '90000' } },
});

/** Numbers with gaps and zeros, skewed ones, and categories of 20 codes. */
function generate(rows: number): FeatureMatrix {
  const next = uniformNumbers(5);
  const matrix = sharedMatrix(rows, FEATURES);
  for (let feature = 0; feature < FEATURES; feature++) {
    for (let row = 0; row < rows; row++) {
      const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
      const number = feature % 7 === 0 ? Math.max(0, normal) : normal;
      const isMissing = feature % 5 === 0 && next() < 0.15;
      const value = CATEGORICAL.includes(feature)
        ? Math.floor(next() * next() * 20)
        : isMissing
          ? NaN
          : number;
      matrix.data[feature * rows + row] = value;
    }
  }
  return matrix;
}

async function train(features: FeatureMatrix, seed: number): Promise<string> {
  const next = uniformNumbers(seed);
  const labels = Float32Array.from({ length: features.rows }, (_, row) => {
    let logOdds = -2;
    for (let feature = 0; feature < FEATURES; feature++) {
      const value = features.data[feature * features.rows + row] as number;
      if (Number.isNaN(value)) continue;
      if (CATEGORICAL.includes(feature)) logOdds += [1, 4, 7].includes(value) ? 0.6 : 0;
      else logOdds += ((0.5 * value) / (1 + feature / 3)) * (feature % 2 === 0 ? Math.abs(value) : 1);
    }
    return next() < 1 / (1 + Math.exp(-logOdds)) ? 1 : 0;
  });
  await using learner = await openLearner('lightgbm');
  const { modelText } = await learner.train({
    features,
    featureNames: Array.from({ length: FEATURES }, (_, index) => `f${index}`),
    categorical: CATEGORICAL,
    trainRows: Uint32Array.from(labels, (_, row) => row),
    stopRows: new Uint32Array(),
    labels,
    parameters: PARAMETERS,
    rounds: TREES,
    earlyStoppingRounds: 0,
    seed,
    threads: 0,
  });
  return modelText;
}

/** CPU seconds of all threads of this process. */
async function cpuSeconds(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function rowOf(matrix: FeatureMatrix, row: number): Float64Array {
  return Float64Array.from(
    { length: matrix.columns },
    (_, column) => matrix.data[column * matrix.rows + row] as number,
  );
}

/** The first rows of a matrix, as the library takes them. */
function firstRows(matrix: FeatureMatrix, rows: number): FeatureMatrix {
  const first = sharedMatrix(rows, matrix.columns);
  for (let column = 0; column < matrix.columns; column++) {
    const start = column * matrix.rows;
    first.data.set(matrix.data.subarray(start, start + rows), column * rows);
  }
  return first;
}

interface Speeds {
  readonly library: number[];
  readonly ours: number[];
}

/** Rows a CPU second, the two measured in turn. */
async function measure(
  runs: number,
  library: readonly [rows: number, work: () => unknown],
  ours: readonly [rows: number, work: () => unknown],
): Promise<Speeds> {
  const speeds: Speeds = { library: [], ours: [] };
  for (let run = 0; run < runs; run++) {
    speeds.library.push(library[0] / (await cpuSeconds(library[1])));
    speeds.ours.push(ours[0] / (await cpuSeconds(ours[1])));
  }
  return speeds;
}

function batch(runs: number, booster: Booster, explainer: Explainer, matrix: FeatureMatrix): Promise<Speeds> {
  const few = firstRows(matrix, LIBRARY_BATCH);
  const many = Uint32Array.from({ length: OUR_BATCH }, (_, row) => row);
  return measure(
    runs,
    [LIBRARY_BATCH, () => booster.predict('contributions', few, 1)],
    [OUR_BATCH, () => explainer.contributions(matrix, many)],
  );
}

function singleRows(
  runs: number,
  booster: Booster,
  explainer: Explainer,
  matrix: FeatureMatrix,
): Promise<Speeds> {
  const rows = Array.from({ length: SINGLE_ROWS }, (_, row) => rowOf(matrix, row));
  return measure(
    runs,
    [
      SINGLE_ROWS,
      () => {
        for (const data of rows) booster.predict('contributions', { rows: 1, columns: FEATURES, data }, 1);
      },
    ],
    [
      SINGLE_ROWS * 10,
      () => {
        for (let repeat = 0; repeat < 10; repeat++)
          for (const data of rows) void explainer.contributionsOfRow(data);
      },
    ],
  );
}

async function largestDifference(
  booster: Booster,
  explainer: Explainer,
  matrix: FeatureMatrix,
): Promise<number> {
  const few = firstRows(matrix, LIBRARY_BATCH);
  const theirs = booster.predict('contributions', few, 1);
  const { values } = await explainer.contributions(few);
  return values.reduce(
    (most, value, index) => Math.max(most, Math.abs(value - (theirs[index] as number))),
    0,
  );
}

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const median = (values: readonly number[]): number => sorted(values)[values.length >> 1] as number;

function line(cells: readonly (string | number)[]): void {
  const [title = '', ...rest] = cells.map((cell) => (typeof cell === 'number' ? cell.toFixed(0) : cell));
  process.stdout.write(`${title.padEnd(24)}${rest.map((cell) => cell.padStart(10)).join('')}\n`);
}

function report(title: string, { library, ours }: Speeds): void {
  for (const [who, values] of [
    ['library', library],
    ['ours', ours],
  ] as const) {
    const order = sorted(values);
    line([`${title}, ${who}`, order[0] as number, median(values), order.at(-1) as number]);
  }
  const ratios = sorted(ours.map((value, run) => value / (library[run] as number)));
  const cells = [ratios[0] as number, median(ours) / median(library), ratios.at(-1) as number];
  line([`${title}, ratio`, ...cells.map((ratio) => `${ratio.toFixed(1)} x`)]);
}

const runs = Number(options.runs);
const rows = Number(options.rows);
const matrix = generate(Math.max(rows, TRAINING_ROWS));
const training = firstRows(matrix, TRAINING_ROWS);
const models = [await train(training, 1), await train(training, 2), await train(training, 3)] as const;

process.env['OMP_WAIT_POLICY'] = 'passive';
const booster = new LightGbm(findLibrary(LIGHTGBM).path).loadBooster(models[0]);
const explainer = await openExplainer(models[0]);
const difference = await largestDifference(booster, explainer, matrix);
line(['rows a CPU second', 'least', 'median', 'most']);
report('batch', await batch(runs, booster, explainer, matrix));
report('single row', await singleRows(runs, booster, explainer, matrix));
await explainer[Symbol.asyncDispose]();
booster[Symbol.dispose]();

const started = performance.now();
const cpu = await cpuSeconds(async () => {
  for (const text of models) {
    await using each = await openExplainer(text);
    await each.contributions(
      matrix,
      Uint32Array.from({ length: rows }, (_, row) => row),
    );
  }
});
const seconds = (performance.now() - started) / 1000;
process.stdout.write(
  `\nlargest difference from the library: ${difference.toExponential(1)}\n` +
    `${rows} rows for three models: ${seconds.toFixed(1)} s, ${cpu.toFixed(1)} CPU seconds ` +
    `on ${os.cpus().length} cores (load ${os
      .loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')})\n`,
);
