import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type LoadedModel,
  openExplainer,
  openLearner,
  type TrainingResult,
  type TrainingTask,
} from '../../src/learner/index.ts';
import { exampleTask, uniformNumbers } from './example-data.ts';
import { hasPython, largestDifference, pythonFolder, type PythonFolder } from './python-peer.ts';

const ROWS = 6000;
const isThere = hasPython('xgboost', '3.2.0');
const title = isThere
  ? "XGBoost beside Python's xgboost"
  : "XGBoost beside Python's xgboost (skipped: .venv has no xgboost 3.2.0, see `npm test`)";

describe.skipIf(!isThere)(title, () => {
  let folder: PythonFolder;
  let task: TrainingTask;
  let ours: TrainingResult;
  let ourScores: Float64Array;
  let theirs: string;
  let theirScores: Float64Array;

  beforeAll(async () => {
    const next = uniformNumbers(3);
    task = exampleTask(ROWS, {
      weights: Float32Array.from({ length: ROWS }, () => 0.5 + next()),
      parameters: {
        eval_metric: 'aucpr',
        max_depth: 6,
        learning_rate: 0.07,
        subsample: 0.8,
        colsample_bytree: 0.75,
        min_child_weight: 4,
        scale_pos_weight: 2,
      },
      threads: 2,
    });
    await using learner = await openLearner('xgboost');
    ours = await learner.train(task);
    await using model = await learner.load(ours.modelText);
    ourScores = await model.predictRaw(task.features);
    folder = pythonFolder('train_with_xgboost.py', task, { ...task.parameters, nthread: 1 });
    folder.write('ours.json', ours.modelText);
    folder.run();
    theirs = folder.text('theirs.json');
    await using theirModel: LoadedModel = await learner.load(theirs);
    theirScores = await theirModel.predictRaw(task.features);
  });
  afterAll(() => {
    folder.remove();
  });

  const treesOf = (text: string): unknown =>
    (JSON.parse(text) as { learner: { gradient_booster: unknown } }).learner.gradient_booster;

  test('grows the same trees to the byte, stopping at the same round', () => {
    expect(ours.trees).toBeGreaterThan(5);
    expect(JSON.stringify(treesOf(ours.modelText))).toBe(JSON.stringify(treesOf(theirs)));
  });

  test('writes a model that Python loads and scores alike to the bit', () => {
    expect(largestDifference(ourScores, folder.doubles('ours.f64'))).toBe(0);
  });

  test('loads a model that Python wrote and scores alike to the bit', () => {
    expect(largestDifference(theirScores, folder.doubles('theirs.f64'))).toBe(0);
  });

  test('names features, types and seen categories in the model', () => {
    const { learner } = JSON.parse(ours.modelText) as {
      learner: { attributes: unknown; feature_names: unknown; feature_types: unknown };
    };
    expect(learner).toMatchObject({
      attributes: { holdfast_categories: '{"2":[[0,11]]}' },
      feature_names: task.featureNames,
      feature_types: ['float', 'float', 'c', 'float'],
    });
  });

  test("explains as Python's pred_contribs does", async () => {
    await using explainer = await openExplainer(ours.modelText, { threads: 1 });
    const rows = Uint32Array.from({ length: 500 }, (_, row) => row);
    const { values } = await explainer.contributions(task.features, rows);
    expect(largestDifference(values, folder.doubles('contributions.f64'))).toBeLessThanOrEqual(1e-6);
  });
});
