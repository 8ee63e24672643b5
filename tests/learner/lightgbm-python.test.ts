import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type FeatureMatrix,
  openExplainer,
  openLearner,
  openLightGbm,
  type TrainingResult,
} from '../../src/learner/index.ts';
import { exampleTask, uniformNumbers } from './example-data.ts';
import { hasPython, largestDifference, pythonFolder, type PythonFolder } from './python-peer.ts';

const ROWS = 6000;
const isThere = hasPython('lightgbm', '4.7.0');
const title = isThere
  ? "LightGBM beside Python's lightgbm"
  : "LightGBM beside Python's lightgbm (skipped: .venv has no lightgbm 4.7.0, see `npm test`)";

describe.skipIf(!isThere)(title, () => {
  let folder: PythonFolder;
  let ours: TrainingResult;
  let ourScores: Float64Array;
  let forestScores: Float64Array;
  let features: FeatureMatrix;

  beforeAll(async () => {
    const next = uniformNumbers(3);
    const task = exampleTask(ROWS, {
      weights: Float32Array.from({ length: ROWS }, () => 0.5 + next()),
      parameters: {
        metric: 'average_precision,binary_logloss',
        num_leaves: 31,
        learning_rate: 0.07,
        subsample: 0.8,
        subsample_freq: 1,
        colsample_bytree: 0.75,
        min_child_samples: 15,
        scale_pos_weight: 2,
      },
      threads: 2,
    });
    features = task.features;
    await using learner = await openLightGbm();
    ours = await learner.train(task);
    await using model = await learner.load(ours.modelText);
    ourScores = await model.predictRaw(task.features);
    await using forests = await openLearner('random_forest');
    const forest = await forests.train({ ...task, parameters: { scale_pos_weight: 2 }, rounds: 50 });
    await using forestModel = await forests.load(forest.modelText);
    forestScores = await forestModel.predictRaw(task.features);
    const reproducible = { deterministic: true, force_row_wise: true, seed: task.seed, verbosity: -1 };
    folder = pythonFolder('train_with_lightgbm.py', task, {
      ...task.parameters,
      ...reproducible,
      objective: 'binary',
      num_threads: 1,
    });
    folder.write('ours.txt', ours.modelText);
    folder.write('forest.txt', forest.modelText);
    folder.run();
  });
  afterAll(() => {
    folder.remove();
  });

  const treesOf = (text: string): string => text.slice(0, text.indexOf('\nparameters:'));

  test('grows the same trees to the byte, stopping at the same round', () => {
    const theirs = folder.text('theirs.txt');
    expect(ours.trees).toBeGreaterThan(5);
    expect(treesOf(ours.modelText)).toBe(treesOf(theirs));
  });

  test('predicts the same raw scores to 1e-12', () => {
    expect(largestDifference(ourScores, folder.doubles('theirs.f64'))).toBeLessThanOrEqual(1e-12);
  });

  test("explains as Python's pred_contrib does, to 1e-9", async () => {
    await using explainer = await openExplainer(ours.modelText, { threads: 1 });
    const rows = Uint32Array.from({ length: 500 }, (_, row) => row);
    const { values } = await explainer.contributions(features, rows);
    expect(largestDifference(values, folder.doubles('contributions.f64'))).toBeLessThanOrEqual(1e-9);
  });

  test('writes text that Python loads and scores alike', () => {
    expect(largestDifference(ourScores, folder.doubles('ours.f64'))).toBeLessThanOrEqual(1e-12);
  });

  test('grows the forest that Python grows, whose probability is the sigmoid of our score', () => {
    const probabilities = forestScores.map((score) => 1 / (1 + Math.exp(-score)));
    expect(largestDifference(probabilities, folder.doubles('forest-theirs.f64'))).toBeLessThanOrEqual(1e-12);
    expect(largestDifference(forestScores, folder.doubles('forest-ours.f64'))).toBeLessThanOrEqual(1e-12);
  });
});
