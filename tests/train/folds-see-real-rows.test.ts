/** What learners are given: synthetic rows only to learn from, test rows never, judged rows only to be judged. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Learner, openLearner, type TrainingTask } from '../../src/learner/index.ts';
import { DEFAULT_LEARNER, type Imbalance } from '../../src/pack/index.ts';
import { SPLIT, train, type Trained, type TrainingMatrix } from '../../src/train/index.ts';
import { generator } from '../domain/python-reference.ts';

const ROWS = 400;
const COLUMNS = 4;
/** No synthetic row can have it, since it lies between two real ones: each row has its own. */
const ID_COLUMN = 3;

/** A table whose last column tells each row from all others; rows come in pairs that are alike else. */
function tableOf(seed: number): TrainingMatrix {
  const random = generator(seed);
  const data = new Float64Array(ROWS * COLUMNS);
  const labels = new Float32Array(ROWS);
  const splits = new Uint8Array(ROWS);
  for (let row = 0; row < ROWS; row++) {
    const risk = random();
    data[row] = risk;
    data[ROWS + row] = Math.floor(random() * 3);
    data[2 * ROWS + row] = random() < 0.1 ? NaN : random();
    data[ID_COLUMN * ROWS + row] = row * row + 1;
    labels[row] = random() < 0.6 * risk ? 1 : 0;
    splits[row] =
      [SPLIT.train, SPLIT.train, SPLIT.train, SPLIT.stop, SPLIT.calibrate, SPLIT.test][row % 6] ?? 0;
  }
  return {
    features: { rows: ROWS, columns: COLUMNS, data },
    horizons: [{ days: 30, labels, splits }],
    entities: Uint32Array.from({ length: ROWS }, (_, row) => row),
    days: new Int32Array(ROWS),
    extra: [],
  };
}

let lightgbm: Learner;
beforeAll(async () => {
  lightgbm = await openLearner('lightgbm');
});
afterAll(async () => {
  await lightgbm[Symbol.asyncDispose]();
});

/** The tasks that the real learner was given. */
async function tasksOf(
  matrix: TrainingMatrix,
  imbalance: Imbalance,
  settings: Partial<typeof DEFAULT_LEARNER> = {},
): Promise<{ tasks: TrainingTask[]; trained: Trained }> {
  const tasks: TrainingTask[] = [];
  const recording: Learner = {
    name: lightgbm.name,
    version: lightgbm.version,
    train: (task, onProgress, signal) => {
      tasks.push(task);
      return lightgbm.train(task, onProgress, signal);
    },
    load: (text) => lightgbm.load(text),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const trained = await train({
    openLearner: () => Promise.resolve(recording),
    settings: { ...DEFAULT_LEARNER, rounds: 20, imbalance, ...settings },
    threads: 1,
    encoding: {
      contractHash: '',
      features: ['risk', 'kind', 'gap', 'id'].map((name) => ({
        name,
        type: name === 'kind' ? ('categorical' as const) : ('numeric' as const),
        categories: name === 'kind' ? ['a', 'b', 'c'] : [],
      })),
    },
    matrix,
    isDated: false,
  });
  return { tasks, trained };
}

const idsOf = ({ features }: TrainingTask, rows: Uint32Array): number[] =>
  Array.from(rows, (row) => features.data[ID_COLUMN * features.rows + row] as number);

const METHODS: readonly Imbalance[] = [
  { method: 'none' },
  { method: 'balanced' },
  { method: 'weights', column: 'risk', otherwise: 1 },
  { method: 'smote', neighbours: 5, ratio: 1 },
];

describe.each(METHODS)('with $method', (imbalance) => {
  test('rows that are judged are real rows, none is learnt from in the same fold, and test rows are never seen', async () => {
    for (const seed of [1, 2, 3]) {
      const matrix = tableOf(seed);
      const [horizon] = matrix.horizons;
      const real = new Set(Array.from({ length: ROWS }, (_, row) => row * row + 1));
      const test = new Set([...real].filter((_, row) => horizon?.splits[row] === SPLIT.test));
      const { tasks, trained } = await tasksOf(matrix, imbalance);
      expect(trained.horizons[0]?.selection?.refit).toBe(true);
      expect(tasks).toHaveLength(3 * 5 + 5 + 1);
      for (const task of tasks) {
        const learnt = idsOf(task, task.trainRows);
        const judged = idsOf(task, task.stopRows);
        expect(judged.every((id) => real.has(id))).toBe(true);
        expect(judged.some((id) => learnt.includes(id))).toBe(false);
        expect([...learnt, ...judged].some((id) => test.has(id))).toBe(false);
        const synthetic = learnt.filter((id) => !real.has(id)).length;
        expect(synthetic > 0).toBe(imbalance.method === 'smote');
      }
      // The five folds of a candidate judge every row once.
      const judged = tasks.slice(0, 5).flatMap((task) => idsOf(task, task.stopRows));
      expect(judged.sort((a, b) => a - b)).toEqual([...real].filter((id) => !test.has(id)));
      // What the calibrator rests on are the same rows, real ones.
      expect(trained.horizons[0]?.held.rows).toHaveLength(judged.length);
    }
  });
});

test('SMOTE makes as many positives as there are negatives among the rows that are learnt from', async () => {
  const { tasks, trained } = await tasksOf(tableOf(4), { method: 'smote', neighbours: 5, ratio: 1 });
  const final = tasks.at(-1) as TrainingTask;
  const positives = final.trainRows.filter((row) => final.labels[row] === 1).length;
  expect(positives).toBe(final.trainRows.length - positives);
  expect(trained.horizons[0]?.imbalance.synthetic).toBeGreaterThan(0);
});

test('identical rows are on one side of every fold', async () => {
  const matrix = tableOf(5);
  const { data } = matrix.features;
  for (let column = 0; column < COLUMNS; column++)
    for (let row = 0; row < ROWS; row += 12)
      data[column * ROWS + row] = data[column * ROWS + 6 * Math.floor(row / 24)] as number;
  const { tasks } = await tasksOf(matrix, { method: 'none' });
  for (const task of tasks) {
    const learnt = new Set(idsOf(task, task.trainRows));
    expect(idsOf(task, task.stopRows).some((id) => learnt.has(id))).toBe(false);
  }
});

test('with more rows than most_rows the final model keeps the splits as they are', async () => {
  const matrix = tableOf(6);
  const selection = { ...DEFAULT_LEARNER.selection, most_rows: 100 };
  const { tasks, trained } = await tasksOf(matrix, { method: 'none' }, { selection });
  const final = tasks.at(-1) as TrainingTask;
  expect(trained.horizons[0]?.selection).toMatchObject({ refit: false });
  expect(trained.horizons[0]?.selection?.rows).toBeLessThan(140);
  expect(final.stopRows).toHaveLength(
    matrix.horizons[0]?.splits.filter((code) => code === SPLIT.stop).length ?? 0,
  );
});

test('the same data and seed give the same models, whatever goes on side by side', async () => {
  const [one, two] = [
    await tasksOf(tableOf(7), { method: 'none' }),
    await tasksOf(tableOf(7), { method: 'none' }),
  ];
  expect(one.trained.horizons[0]?.modelText).toBe(two.trained.horizons[0]?.modelText);
  expect(one.trained.horizons[0]?.calibrator).toEqual(two.trained.horizons[0]?.calibrator);
});

test('where a fold lacks an outcome nothing is refitted, since its rows would have no score out of fold', async () => {
  const matrix = tableOf(8);
  const { labels, splits } = matrix.horizons[0] as (typeof matrix.horizons)[number];
  labels.forEach((_, row) => {
    // Two of train, one of each half of validation: too few for five folds.
    labels[row] = [0, 6, 3, 4].includes(row) || (splits[row] === SPLIT.test && row % 4 === 1) ? 1 : 0;
  });
  const { tasks, trained } = await tasksOf(matrix, { method: 'none' });
  expect(trained.horizons[0]?.selection).toMatchObject({ refit: false, folds: 2 });
  const validation = splits.filter((code) => code === SPLIT.stop || code === SPLIT.calibrate).length;
  expect(tasks.at(-1)?.trainRows.length).toBeLessThan(ROWS - validation);
});

test('a refitted model takes no more rounds than it was given', async () => {
  const [slow] = DEFAULT_LEARNER.candidates.map((candidate) => ({
    ...candidate,
    parameters: { ...candidate.parameters, learning_rate: 0.001, metric: 'binary_logloss' },
  }));
  const candidates = slow === undefined ? [] : [slow];
  const { tasks, trained } = await tasksOf(tableOf(9), { method: 'none' }, { candidates });
  expect(trained.horizons[0]?.selection?.candidates[0]?.trees).toEqual([20, 20, 20, 20, 20]);
  expect(tasks.at(-1)?.rounds).toBe(20);
});
