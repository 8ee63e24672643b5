import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type FeatureMatrix,
  openExplainer,
  openLightGbm,
  type TrainingResult,
} from '../../src/learner/index.ts';
import { exampleTask, uniformNumbers } from './example-data.ts';

const ROWS = 6000;
const python = fileURLToPath(
  new URL(
    `../../.venv/${process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python'}`,
    import.meta.url,
  ),
);
const script = fileURLToPath(new URL('./train_with_python.py', import.meta.url));
const isThere =
  spawnSync(python, ['-c', 'import lightgbm; assert lightgbm.__version__ == "4.7.0"']).status === 0;
const title = isThere
  ? "LightGBM beside Python's lightgbm"
  : "LightGBM beside Python's lightgbm (skipped: .venv has no lightgbm 4.7.0, see `npm test`)";

describe.skipIf(!isThere)(title, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-learner-'));
  let ours: TrainingResult;
  let ourScores: Float64Array;
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
    const write = (name: string, content: string | Float64Array | Float32Array): void => {
      writeFileSync(path.join(folder, name), content);
    };
    write('ours.txt', ours.modelText);
    write('features.f64', task.features.data);
    write('labels.f32', task.labels);
    write('weights.f32', task.weights ?? new Float32Array());
    const reproducible = { deterministic: true, force_row_wise: true, seed: task.seed, verbosity: -1 };
    write(
      'task.json',
      JSON.stringify({
        ...task.features,
        data: undefined,
        featureNames: task.featureNames,
        categorical: task.categorical,
        trainRows: [...task.trainRows],
        stopRows: [...task.stopRows],
        rounds: task.rounds,
        earlyStoppingRounds: task.earlyStoppingRounds,
        parameters: { ...task.parameters, ...reproducible, objective: 'binary', num_threads: 1 },
      }),
    );
    const run = spawnSync(python, [script, folder], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`the Python script failed: ${run.stderr}`);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const treesOf = (text: string): string => text.slice(0, text.indexOf('\nparameters:'));
  const scoresIn = (name: string): Float64Array => {
    const bytes = readFileSync(path.join(folder, name));
    return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  };

  test('grows the same trees to the byte, stopping at the same round', () => {
    const theirs = readFileSync(path.join(folder, 'theirs.txt'), 'utf8');
    expect(ours.trees).toBeGreaterThan(5);
    expect(treesOf(ours.modelText)).toBe(treesOf(theirs));
  });

  test('predicts the same raw scores to 1e-12', () => {
    expect(largestDifference(ourScores, scoresIn('theirs.f64'))).toBeLessThanOrEqual(1e-12);
  });

  test("explains as Python's pred_contrib does, to 1e-9", async () => {
    await using explainer = await openExplainer(ours.modelText, { threads: 1 });
    const rows = Uint32Array.from({ length: 500 }, (_, row) => row);
    const { values } = await explainer.contributions(features, rows);
    expect(largestDifference(values, scoresIn('contributions.f64'))).toBeLessThanOrEqual(1e-9);
  });

  test('writes text that Python loads and scores alike', () => {
    expect(largestDifference(ourScores, scoresIn('ours.f64'))).toBeLessThanOrEqual(1e-12);
  });
});

function largestDifference(one: Float64Array, other: Float64Array): number {
  expect(other).toHaveLength(one.length);
  return one.reduce((most, value, row) => Math.max(most, Math.abs(value - (other[row] ?? NaN))), 0);
}
