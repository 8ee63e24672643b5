import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Learner, openLearner, openLightGbm } from '../../src/learner/index.ts';
import { describeLearnerContract } from './contract.ts';
import { exampleTask } from './example-data.ts';

const parameters = { metric: 'average_precision', num_leaves: 15, learning_rate: 0.1, min_child_samples: 20 };

describeLearnerContract('lightgbm', {
  open: () => openLearner('lightgbm'),
  parameters,
  chance: { subsample: 0.5, subsample_freq: 1 },
  misspelt: ['learning_rat', 'learning_rate'],
  monotone: (directions) => ({ monotone_constraints: directions.join(',') }),
  grows: 'boosting',
  metric: 'average_precision',
  decimals: 9,
});

describe('LightGBM', () => {
  let learner: Learner;
  beforeAll(async () => {
    learner = await openLightGbm({ threads: 1 });
  });
  afterAll(() => learner[Symbol.asyncDispose]());

  test('decides early stopping on the first metric named, in its own direction', async () => {
    const task = exampleTask(2000);
    const loss = await learner.train({
      ...task,
      parameters: { metric: 'binary_logloss,auc', num_leaves: 15 },
    });
    const area = await learner.train({
      ...task,
      parameters: { metric: 'auc,binary_logloss', num_leaves: 15 },
    });
    expect(loss.stopMetric.name).toBe('binary_logloss');
    expect(loss.trees).toBe(loss.stopMetric.values.indexOf(Math.min(...loss.stopMetric.values)) + 1);
    expect(area.stopMetric.name).toBe('auc');
    expect(area.trees).toBe(area.stopMetric.values.indexOf(Math.max(...area.stopMetric.values)) + 1);
  });

  test("leaves to the task what the task's own fields decide", async () => {
    const task = exampleTask(1000, { rounds: 10, stopRows: new Uint32Array() });
    const plain = await learner.train(task);
    const noisy = await learner.train({
      ...task,
      parameters: {
        ...task.parameters,
        n_estimators: 500,
        early_stopping_rounds: 50,
        verbose: 2,
        n_jobs: 4,
        random_state: 1,
        force_col_wise: true,
      },
    });
    expect(noisy.modelText).toBe(plain.modelText);
  });

  test('ends when no split is left, keeping the constant', async () => {
    const result = await learner.train(exampleTask(1000, { parameters: { min_child_samples: 100_000 } }));
    expect(result).toMatchObject({ trees: 1, rounds: 1 });
    await using model = await learner.load(result.modelText);
    const scores = await model.predictRaw(exampleTask(1000).features);
    expect(new Set(scores).size).toBe(1);
  });

  test('says what is wrong with a value it refuses (HF103)', async () => {
    const refused = (extra: Record<string, string | number | boolean>): Promise<unknown> =>
      learner.train(exampleTask(1000, { parameters: extra }));
    await expect(refused({ num_leaves: 1 })).rejects.toMatchObject({
      code: 'HF103',
      hint: 'give a value > 1',
      place: { field: 'num_leaves' },
    });
    await expect(refused({ num_leaves: 'many' })).rejects.toMatchObject({ code: 'HF103' });
    await expect(refused({ metric: 'no_such_metric' })).rejects.toMatchObject({ code: 'HF103' });
    await expect(refused({ boosting: 'dart' })).rejects.toMatchObject({ code: 'HF103' });
    await expect(refused({ objective: 'multiclass' })).rejects.toMatchObject({ code: 'HF103' });
  });

  test('writes nothing of its own to standard output', () => {
    const script = `
      const { openLightGbm, sharedMatrix } = await import(process.argv[1]);
      const learner = await openLightGbm({ threads: 2 });
      const features = sharedMatrix(400, 2);
      features.data.forEach((_, index) => { features.data[index] = (index * 7919) % 400; });
      const labels = Float32Array.from({ length: 400 }, (_, row) => Number(features.data[row] > 200));
      const rows = Uint32Array.from({ length: 400 }, (_, row) => row);
      const task = { features, labels, featureNames: ['a', 'b'], categorical: [1], trainRows: rows, stopRows: rows,
        parameters: { verbosity: 3, min_data_in_leaf: 150 }, rounds: 20, earlyStoppingRounds: 5, seed: 1, threads: 2 };
      const result = await learner.train(task);
      const model = await learner.load(result.modelText);
      await model.predictRaw(features);
      await learner[Symbol.asyncDispose]();
    `;
    const door = fileURLToPath(new URL('../../dist/learner/index.js', import.meta.url));
    const result = spawnSync(process.execPath, ['--input-type=module', '--eval', script, door], {
      encoding: 'utf8',
    });
    expect(result).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });

  test('does not keep the process alive while it idles', () => {
    const script = 'const { openLightGbm } = await import(process.argv[1]); await openLightGbm();';
    const door = fileURLToPath(new URL('../../dist/learner/index.js', import.meta.url));
    const options = { timeout: 60_000 };
    const result = spawnSync(process.execPath, ['--input-type=module', '--eval', script, door], options);
    expect(result).toMatchObject({ status: 0, signal: null });
  });

  test('is refused where its library is missing or is something else (HF501)', async () => {
    await expect(openLightGbm({ libraryPath: '/nowhere/lib_lightgbm.so' })).rejects.toMatchObject({
      code: 'HF501',
      hint: expect.stringContaining('HOLDFAST_LIGHTGBM_LIBRARY') as string,
    });
    const notALibrary = fileURLToPath(import.meta.url);
    await expect(openLightGbm({ libraryPath: notALibrary })).rejects.toMatchObject({ code: 'HF501' });
    await expect(openLearner('lightgmb')).rejects.toMatchObject({ code: 'HF501' });
  });
});
