import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Learner, openLearner, type TrainingTask } from '../../src/learner/index.ts';
import { describeLearnerContract } from './contract.ts';
import { exampleTask, matrixOf } from './example-data.ts';

describeLearnerContract('xgboost', {
  open: () => openLearner('xgboost'),
  parameters: { eval_metric: 'aucpr', max_depth: 4, learning_rate: 0.1, min_child_weight: 5 },
  chance: { subsample: 0.5 },
  misspelt: ['learning_rat', 'learning_rate'],
  monotone: (directions) => ({ monotone_constraints: `(${directions.join(',')})` }),
  grows: 'boosting',
  metric: 'aucpr',
  decimals: 5,
});

describe('XGBoost', () => {
  let learner: Learner;
  beforeAll(async () => {
    learner = await openLearner('xgboost', { threads: 1 });
  });
  afterAll(() => learner[Symbol.asyncDispose]());

  test('takes a category between others that training has not seen for a missing one', async () => {
    const task = exampleTask(2000, { parameters: { max_depth: 4 }, rounds: 30 });
    const codes = task.features.data.subarray(4000, 6000);
    codes.forEach((code, row) => (codes[row] = code === 4 ? NaN : code));
    const { modelText } = await learner.train(task);
    await using model = await learner.load(modelText);
    const [unseen, missing, seen] = await model.predictRaw(
      matrixOf([
        [200, 0, 4, 0.5],
        [200, 0, NaN, 0.5],
        [200, 0, 5, 0.5],
      ]),
    );
    expect(unseen).toBe(missing);
    expect(seen).not.toBe(missing);
  });

  test('decides early stopping on the first metric named, in its own direction', async () => {
    const loss = await learner.train(exampleTask(1000, { parameters: { eval_metric: 'logloss,auc' } }));
    expect(loss.stopMetric.name).toBe('logloss');
    expect(loss.trees).toBe(loss.stopMetric.values.indexOf(Math.min(...loss.stopMetric.values)) + 1);
    await expect(learner.train(exampleTask(1000, { parameters: { eval_metric: '' } }))).rejects.toMatchObject(
      { code: 'HF103', place: { field: 'eval_metric' } },
    );
  });

  test("leaves to the task what the task's own fields decide", async () => {
    const task = exampleTask(1000, { rounds: 10, stopRows: new Uint32Array(), parameters: { max_depth: 3 } });
    const plain = await learner.train(task);
    const noisy = await learner.train({
      ...task,
      parameters: { max_depth: 3, n_estimators: 500, early_stopping_rounds: 9, n_jobs: 4, random_state: 1 },
    });
    expect(noisy.modelText).toBe(plain.modelText);
  });

  test('says what is wrong with a value it refuses (HF103)', async () => {
    const refused = (parameters: TrainingTask['parameters']): Promise<unknown> =>
      learner.train(exampleTask(1000, { parameters }));
    await expect(refused({ max_depth: 'many' })).rejects.toMatchObject({ place: { field: 'max_depth' } });
    await expect(refused({ eta: -1 })).rejects.toMatchObject({ code: 'HF103' });
    await expect(refused({ eval_metric: 'no_such' })).rejects.toMatchObject({ code: 'HF103' });
    await expect(refused({ booster: 'dart' })).rejects.toMatchObject({ code: 'HF103' });
  });

  test('is refused where its library is missing or is something else (HF501)', async () => {
    const open = (xgboost: string): Promise<Learner> => openLearner('xgboost', { libraries: { xgboost } });
    await expect(open('/nowhere/libxgboost.so')).rejects.toMatchObject({
      code: 'HF501',
      hint: expect.stringContaining('HOLDFAST_XGBOOST_LIBRARY') as string,
    });
    await expect(open(fileURLToPath(import.meta.url))).rejects.toMatchObject({ code: 'HF501' });
  });
});
