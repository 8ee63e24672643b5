import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type FeatureMatrix,
  type Learner,
  openExplainer,
  openLearner,
  sharedMatrix,
  type TrainingTask,
} from '../../src/learner/index.ts';
import { matrixOf, uniformNumbers } from './example-data.ts';
import { modelText, type SplitSketch, type TreeSketch } from './model-text.ts';
import { shapleyValues } from './shapley-values.ts';

const ODD_VALUES = [NaN, 0, -0, 1e-36, -1e-36, 2e-35, Infinity, -Infinity, -1, -0.5, 0.5, 2.7, 31, 32, 1e10];
const FEATURES = 8;
const CATEGORICAL = [2, 6];
const ROWS = 3000;

let learner: Learner;
beforeAll(async () => {
  learner = await openLearner('lightgbm', { threads: 2 });
});
afterAll(() => learner[Symbol.asyncDispose]());

/** Random rows: numbers with gaps and zeros, codes of up to 80 categories, skewed and constant columns. */
function randomTask(seed: number, changes: Partial<TrainingTask>): TrainingTask {
  const next = uniformNumbers(seed);
  const features = sharedMatrix(ROWS, FEATURES);
  const labels = new Float32Array(ROWS);
  for (let row = 0; row < ROWS; row++) {
    const number = (): number => (next() < 0.1 ? NaN : next() < 0.2 ? 0 : next() * 4 - 2);
    const values = [number(), number(), Math.floor(next() ** 2 * 80), next() ** 8, number()];
    values.push(Math.round(next() * 3), Math.floor(next() * 5), 1);
    values.forEach((value, column) => (features.data[column * ROWS + row] = value));
    const known = values.map((value) => (Number.isNaN(value) ? 0.7 : value));
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0] = known;
    const logOdds = a * b + (c % 3) - 1 + 3 * d * e + Math.sin(6 * a) + (f === 2 ? g : 0);
    labels[row] = next() < 1 / (1 + Math.exp(-logOdds)) ? 1 : 0;
  }
  return {
    features,
    featureNames: Array.from({ length: FEATURES }, (_, index) => `f${index}`),
    categorical: CATEGORICAL,
    trainRows: Uint32Array.from({ length: ROWS }, (_, row) => row),
    stopRows: new Uint32Array(),
    labels,
    weights: Float32Array.from(labels, () => 0.5 + next()),
    parameters: {},
    rounds: 30,
    earlyStoppingRounds: 0,
    seed,
    threads: 2,
    ...changes,
  };
}

/** Training rows, then rows in which some values are odd ones that no training row has. */
function probes(task: TrainingTask): FeatureMatrix {
  const next = uniformNumbers(99);
  const known = 300;
  const matrix = sharedMatrix(2 * known, FEATURES);
  for (let column = 0; column < FEATURES; column++) {
    for (let row = 0; row < matrix.rows; row++) {
      const isOdd = row >= known && next() < 0.4;
      matrix.data[column * matrix.rows + row] = isOdd
        ? (ODD_VALUES[Math.floor(next() * ODD_VALUES.length)] ?? NaN)
        : (task.features.data[column * ROWS + (row % known)] ?? NaN);
    }
  }
  return matrix;
}

/** Largest difference, relative to the size of the sum a row's numbers add to (or to 1). */
function largestDifference(ours: Float64Array, theirs: Float64Array): number {
  expect(ours).toHaveLength(theirs.length);
  return ours.reduce((most, value, index) => {
    const other = theirs[index] ?? NaN;
    return Math.max(most, Math.abs(value - other) / Math.max(1, Math.abs(other)));
  }, 0);
}

const MODELS: Record<string, [TrainingTask['parameters'], Partial<TrainingTask>?]> = {
  'trees of 63 leaves and depth 7': [{ num_leaves: 63, max_depth: 7, min_child_samples: 5 }],
  'deep, unbalanced trees that split on a feature again and again': [
    { num_leaves: 200, min_child_samples: 1, min_sum_hessian_in_leaf: 0, learning_rate: 0.3 },
  ],
  'stumps and small trees': [{ num_leaves: 2, learning_rate: 0.5 }],
  'trees of three leaves': [{ num_leaves: 3 }],
  'zero as missing': [{ num_leaves: 31, zero_as_missing: true }],
  'no notion of missing': [{ num_leaves: 31, use_missing: false }],
  'categories in large sets': [
    { num_leaves: 31, max_cat_to_onehot: 1, cat_smooth: 1, cat_l2: 0.1, min_data_per_group: 5 },
  ],
  'sampled rows and features': [
    { num_leaves: 40, subsample: 0.5, subsample_freq: 1, colsample_bytree: 0.4, reg_lambda: 3 },
  ],
  'a single constant tree': [{ min_child_samples: 100_000 }],
};

describe('an explainer of trained models', () => {
  for (const [name, [parameters, changes]] of Object.entries(MODELS)) {
    test(`equals the library's contributions, and adds up to the raw score: ${name}`, async () => {
      const task = randomTask(11, { parameters, ...changes });
      const { modelText: text } = await learner.train(task);
      const matrix = probes(task);
      await using model = await learner.load(text);
      const theirs = await model.predictContributions(matrix);
      const scores = await model.predictRaw(matrix);
      await using explainer = await openExplainer(text, { threads: 2 });
      expect(explainer).toMatchObject({ features: FEATURES, method: 'kernel' });
      const ours = await explainer.contributions(matrix);
      expect(ours).toMatchObject({ rows: matrix.rows, columns: FEATURES + 1 });
      expect(largestDifference(ours.values, theirs)).toBeLessThan(1e-9);
      scores.forEach((score, row) => {
        const numbers = ours.values.subarray(row * (FEATURES + 1), (row + 1) * (FEATURES + 1));
        const size = numbers.reduce((sum, value) => sum + Math.abs(value), 0);
        const total = numbers.reduce((sum, value) => sum + value, 0);
        expect(Math.abs(total - score)).toBeLessThanOrEqual(1e-9 * Math.max(size, 1e-3));
        // The last feature is constant: no tree can split on it.
        expect(numbers[FEATURES - 1]).toBe(0);
      });
    });
  }

  test('gives the same bits for any threads, order and choice of rows, and for a row alone', async () => {
    const task = randomTask(5, { parameters: { num_leaves: 63 } });
    const { modelText: text } = await learner.train(task);
    await using one = await openExplainer(text, { threads: 1 });
    await using two = await openExplainer(text, { threads: 2 });
    const columns = FEATURES + 1;
    const all = await one.contributions(task.features);
    expect((await two.contributions(task.features)).values).toEqual(all.values);
    const ordinary = { ...task.features, data: Float64Array.from(task.features.data) };
    expect((await two.contributions(ordinary)).values).toEqual(all.values);
    await fc.assert(
      fc.asyncProperty(fc.uint32Array({ max: ROWS - 1, maxLength: 300 }), async (rows) => {
        const chosen = await two.contributions(task.features, rows);
        const expected = [...rows].flatMap((row) => [
          ...all.values.subarray(row * columns, (row + 1) * columns),
        ]);
        expect([...chosen.values]).toEqual(expected);
        expect(chosen.rows).toBe(rows.length);
      }),
      { numRuns: 30 },
    );
    for (const row of [0, 63, 64, ROWS - 1]) {
      const values = Float64Array.from(
        { length: FEATURES },
        (_, f) => task.features.data[f * ROWS + row] ?? NaN,
      );
      expect(one.contributionsOfRow(values)).toEqual(all.values.subarray(row * columns, (row + 1) * columns));
    }
  });
});

const missing = fc.record({
  goesLeft: fc.boolean(),
  is: fc.constantFrom('nothing' as const, 'zero' as const, 'nan' as const),
});
const leaf = fc.record({
  value: fc.double({ min: -3, max: 3, noNaN: true }),
  rows: fc.integer({ min: 1, max: 90 }),
});
const left = fc.oneof(
  fc.constantFrom(-1, -0.25, 0, 0.25, 1, Infinity),
  fc.uniqueArray(fc.integer({ min: 0, max: 70 }), { minLength: 1, maxLength: 12 }),
);
const { tree: anyTree } = fc.letrec<{ tree: TreeSketch; split: SplitSketch }>((tie) => ({
  tree: fc.oneof({ maxDepth: 7, depthSize: 'medium' }, leaf, tie('split')),
  split: fc.record({
    feature: fc.integer({ min: 0, max: 5 }),
    left,
    missing,
    children: fc.tuple(tie('tree'), tie('tree')),
  }),
}));
const anyRow = fc.array(fc.oneof(fc.constantFrom(...ODD_VALUES), fc.integer({ min: 0, max: 70 })), {
  minLength: 6,
  maxLength: 6,
});

/** A chain of splits on one feature after the other, each letting most rows go on. */
function chain(features: number): TreeSketch {
  const next = uniformNumbers(features);
  let tree: TreeSketch = { value: next(), rows: 40 };
  for (let feature = features - 1; feature >= 0; feature--) {
    const end = { value: next() - 0.5, rows: 1 + Math.floor(next() * 30) };
    tree = {
      feature,
      left: next(),
      missing: { goesLeft: false, is: 'nan' },
      children: next() < 0.5 ? [tree, end] : [end, tree],
    };
  }
  return tree;
}

function randomRows(rows: number, columns: number): FeatureMatrix {
  const next = uniformNumbers(rows);
  const matrix = sharedMatrix(rows, columns);
  matrix.data.forEach((_, index) => (matrix.data[index] = next()));
  return matrix;
}

describe('an explainer of trees that no training grows', () => {
  test('gives the Shapley values of the definition, and those of the library', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyTree, { minLength: 1, maxLength: 4 }), anyRow, async (trees, row) => {
        const text = modelText(6, trees);
        const expected = Float64Array.from(shapleyValues(trees, row));
        await using explainer = await openExplainer(text, { threads: 1 });
        const values = await explainer.contributionsOfRow(Float64Array.from(row));
        expect(largestDifference(values, expected)).toBeLessThan(1e-12);
        await using model = await learner.load(text);
        expect(largestDifference(values, await model.predictContributions(matrixOf([row])))).toBeLessThan(
          1e-9,
        );
      }),
      { numRuns: 300 },
    );
  });

  test.each([1, 2, 3, 4, 5, 8, 9, 13, 20, 32, 47, 64])(
    'equals the library on a path of %i features',
    async (features) => {
      const text = modelText(features, [chain(features), chain(features)]);
      const matrix = randomRows(200, features);
      await using explainer = await openExplainer(text, { threads: 1 });
      expect(explainer.method).toBe('kernel');
      await using model = await learner.load(text);
      const { values } = await explainer.contributions(matrix);
      // The library's own values lose digits on long paths: exact arithmetic agrees with ours.
      const tolerance = features < 50 ? 1e-9 : 1e-7;
      expect(largestDifference(values, await model.predictContributions(matrix))).toBeLessThan(tolerance);
      (await model.predictRaw(matrix)).forEach((score, row) => {
        const numbers = values.subarray(row * (features + 1), (row + 1) * (features + 1));
        expect(numbers.reduce((sum, value) => sum + value, 0)).toBeCloseTo(score, 12);
      });
    },
  );

  test('leaves paths of more than 64 features to the library', async () => {
    const text = modelText(70, [chain(3), chain(65)]);
    const matrix = randomRows(50, 70);
    await using explainer = await openExplainer(text, { threads: 1 });
    expect(explainer).toMatchObject({ method: 'library', features: 70 });
    await using model = await learner.load(text);
    const theirs = await model.predictContributions(matrix);
    expect(await explainer.contributions(matrix)).toEqual({ rows: 50, columns: 71, values: theirs });
    const chosen = await explainer.contributions(matrix, Uint32Array.of(7, 3));
    expect(chosen.values).toEqual(
      Float64Array.of(...theirs.subarray(7 * 71, 8 * 71), ...theirs.subarray(3 * 71, 4 * 71)),
    );
    const row = Float64Array.from({ length: 70 }, (_, feature) => matrix.data[feature * 50 + 7] ?? NaN);
    expect(await explainer.contributionsOfRow(row)).toEqual(theirs.subarray(7 * 71, 8 * 71));
    await expect(explainer.contributions(matrix, Uint32Array.of(50))).rejects.toMatchObject({
      code: 'HF207',
    });
    await expect(explainer.contributions(sharedMatrix(1, 3))).rejects.toMatchObject({ code: 'HF504' });
  });

  test('gives numbers for leaves and splits that no training row reached, where the library has none', async () => {
    const split = (feature: number, rows: readonly [number, number]): SplitSketch => ({
      feature,
      left: 0.5,
      missing: { goesLeft: true, is: 'nan' },
      children: [
        { value: 1, rows: rows[0] },
        { value: -2, rows: rows[1] },
      ],
    });
    const trees = [
      { ...split(0, [0, 0]), children: [split(1, [4, 0]), split(0, [0, 9])] as const },
      { ...split(0, [0, 0]), children: [split(1, [4, 5]), split(2, [0, 0])] as const },
      split(2, [0, 0]),
    ];
    await using explainer = await openExplainer(modelText(3, trees), { threads: 1 });
    for (const row of [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => [bits & 1, bits & 2, bits & 4])) {
      const values = await explainer.contributionsOfRow(Float64Array.from(row));
      expect(largestDifference(values, Float64Array.from(shapleyValues(trees, row)))).toBeLessThan(1e-12);
    }
  });
});

describe('an explainer', () => {
  const text = modelText(3, [chain(3)]);

  test('refuses other shapes (HF504), rows outside (HF207) and damaged texts (HF503)', async () => {
    await using explainer = await openExplainer(text, { threads: 1 });
    await expect(explainer.contributions(sharedMatrix(2, 4))).rejects.toMatchObject({ code: 'HF504' });
    await expect(explainer.contributions(sharedMatrix(2, 3), Uint32Array.of(0, 2))).rejects.toMatchObject({
      code: 'HF207',
      message: 'row 2 is asked for in a matrix of 2 rows',
    });
    expect(() => explainer.contributionsOfRow(new Float64Array(2))).toThrow(
      expect.objectContaining({ code: 'HF504' }) as Error,
    );
    await expect(openExplainer('tree\n')).rejects.toMatchObject({ code: 'HF503' });
  });

  test('explains no rows, more threads than blocks, and several orders at a time', async () => {
    await using explainer = await openExplainer(text, { threads: 4 });
    expect(await explainer.contributions(sharedMatrix(0, 3))).toEqual({
      rows: 0,
      columns: 4,
      values: new Float64Array(0),
    });
    const [few, many] = [randomRows(10, 3), randomRows(1000, 3)];
    const [first, second, third] = await Promise.all([
      explainer.contributions(few),
      explainer.contributions(many),
      explainer.contributions(few),
    ]);
    expect(third).toEqual(first);
    expect(await explainer.contributions(many)).toEqual(second);
  });

  test('rejects what runs when it is closed, and all that comes later (HF502)', async () => {
    const explainer = await openExplainer(text, { threads: 1 });
    const running = expect(explainer.contributions(randomRows(200_000, 3))).rejects.toMatchObject({
      code: 'HF502',
    });
    await explainer[Symbol.asyncDispose]();
    await running;
    await expect(explainer.contributions(sharedMatrix(1, 3))).rejects.toMatchObject({ code: 'HF502' });
    await explainer[Symbol.asyncDispose]();
  });

  test('does not keep the process alive while it idles', () => {
    const script = `
      const { openExplainer, sharedMatrix } = await import(process.argv[1]);
      const explainer = await openExplainer(process.argv[2], { threads: 2 });
      console.log((await explainer.contributions(sharedMatrix(300, 3))).rows);
    `;
    const door = fileURLToPath(new URL('../../dist/learner/index.js', import.meta.url));
    const result = spawnSync(process.execPath, ['--input-type=module', '--eval', script, door, text], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(result).toMatchObject({ status: 0, signal: null, stdout: '300\n', stderr: '' });
  });
});
