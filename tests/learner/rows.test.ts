/** Models in the calling thread say what they say in their worker, to the bit. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type FeatureMatrix,
  type Learner,
  type LoadedModel,
  openExplainer,
  openLearner,
  openRowExplainer,
  openRowPredictor,
} from '../../src/learner/index.ts';
import { exampleTask, matrixOf } from './example-data.ts';
import { modelText as textOfTrees, type TreeSketch } from './model-text.ts';

const ODD_ROWS = [
  [NaN, NaN, NaN, NaN],
  [100, 0, 99, 0.5],
  [100, -0, 2e9, 0.5],
  [Infinity, -Infinity, 4, 0.5],
  [1e300, 1e-300, 3, 0.5],
];

const LEARNERS = {
  lightgbm: { num_leaves: 15 },
  random_forest: {},
  xgboost: {},
  logistic_regression: {},
} as const;

const rowOf = ({ rows, columns, data }: FeatureMatrix, row: number): Float64Array =>
  Float64Array.from({ length: columns }, (_, column) => data[column * rows + row] as number);

describe.each(Object.entries(LEARNERS))('single rows of %s', (name, parameters) => {
  let learner: Learner;
  let modelText: string;
  let model: LoadedModel;
  let probes: FeatureMatrix;

  beforeAll(async () => {
    learner = await openLearner(name, { threads: 1 });
    const task = exampleTask(2000, { parameters, rounds: 30, stopRows: new Uint32Array() });
    ({ modelText } = await learner.train({ ...task, earlyStoppingRounds: 0 }));
    model = await learner.load(modelText);
    const some = Array.from({ length: 300 }, (_, row) => [...rowOf(task.features, row)]);
    probes = matrixOf([...some, ...ODD_ROWS]);
  });
  afterAll(() => learner[Symbol.asyncDispose]());

  test('are predicted as in the worker, alone and in a batch', async () => {
    const expected = await model.predictRaw(probes);
    using rows = await openRowPredictor({ learner: { name }, modelText });
    expect({ features: rows.features, trees: rows.trees }).toEqual({ features: 4, trees: model.trees });
    expect(rows.predictRows(probes)).toEqual(expected);
    const alone = expected.map((_, row) => rows.predictRaw(rowOf(probes, row)));
    expect(alone).toEqual(expected);
  });

  test('are explained as in a batch', async () => {
    await using explainer = await openExplainer(modelText, { threads: 1 });
    const { values, columns } = await explainer.contributions(probes);
    using rows = await openRowExplainer(modelText);
    expect(rows).toMatchObject({
      features: 4,
      method: explainer.method,
      precision: explainer.precision,
    });
    for (let row = 0; row < probes.rows; row++)
      expect(rows.contributionsOfRow(rowOf(probes, row))).toEqual(
        values.slice(row * columns, (row + 1) * columns),
      );
  });

  test('are refused with another number of values (HF504)', async () => {
    using rows = await openRowPredictor({ learner: { name }, modelText });
    using explainer = await openRowExplainer(modelText);
    for (const length of [0, 3, 5]) {
      const wrong = new Float64Array(length);
      const code = 'HF504';
      expect(() => rows.predictRaw(wrong)).toThrow(expect.objectContaining({ code }));
      expect(() => explainer.contributionsOfRow(wrong)).toThrow(expect.objectContaining({ code }));
    }
  });

  test('are not predicted by half a model (HF503)', async () => {
    const half = modelText.slice(0, modelText.length / 2);
    for (const text of ['', half])
      await expect(openRowPredictor({ learner: { name }, modelText: text })).rejects.toMatchObject({
        code: 'HF503',
      });
  });
});

test('a path of more features than the kernel takes is explained by the library, in this thread as well', async () => {
  const features = 70;
  let tree: TreeSketch = { value: 0.5, rows: 10 };
  for (let feature = 0; feature < features; feature++)
    tree = {
      feature,
      left: 0.1,
      missing: { goesLeft: false, is: 'nan' },
      children: [tree, { value: feature / features, rows: 3 }],
    };
  const text = textOfTrees(features, [tree]);
  await using explainer = await openExplainer(text, { threads: 1 });
  using rows = await openRowExplainer(text);
  expect([explainer.method, rows.method]).toEqual(['library', 'library']);
  const row = Float64Array.from({ length: features }, (_, index) => (index % 3) - 1);
  expect(rows.contributionsOfRow(row)).toEqual(await explainer.contributionsOfRow(row));
});

test('a learner that is not there has no rows (HF501)', async () => {
  for (const name of ['catboost', 'toString'])
    await expect(openRowPredictor({ learner: { name }, modelText: '' })).rejects.toMatchObject({
      code: 'HF501',
    });
});
