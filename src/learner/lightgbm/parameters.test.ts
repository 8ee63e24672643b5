import { describe, expect, test } from 'vitest';
import { HoldfastError } from '../../kernel/index.ts';
import { explainRefusedValue, isHigherBetter, parameterText } from './parameters.ts';

const known = new Map([
  ['objective', 'objective'],
  ['metric', 'metric'],
  ['boosting', 'boosting'],
  ['num_leaves', 'num_leaves'],
  ['learning_rate', 'learning_rate'],
  ['eta', 'learning_rate'],
  ['bagging_fraction', 'bagging_fraction'],
  ['subsample', 'bagging_fraction'],
  ['num_iterations', 'num_iterations'],
  ['n_estimators', 'num_iterations'],
  ['linear_tree', 'linear_tree'],
]);
const task = { parameters: {}, categorical: [], rounds: 10, seed: 5 };

describe('LightGBM parameters', () => {
  test('carry the task, and always what makes training repeatable', () => {
    const text = parameterText(
      { ...task, categorical: [0, 3], parameters: { num_leaves: 7 } },
      known,
      2,
    ).text;
    expect(text.split(' ').sort()).toEqual([
      'categorical_feature=0,3',
      'deterministic=true',
      'force_row_wise=true',
      'learning_rate=0.05',
      'metric=average_precision',
      'num_iterations=10',
      'num_leaves=7',
      'num_threads=2',
      'objective=binary',
      'seed=5',
      'verbosity=-1',
    ]);
  });

  test('go by their canonical names, so that an alias and its name cannot both be given', () => {
    expect(parameterText({ ...task, parameters: { subsample: 0.8 } }, known, 1).text).toContain(
      'bagging_fraction=0.8',
    );
    const twice = { subsample: 0.8, bagging_fraction: 0.7 };
    expect(() => parameterText({ ...task, parameters: twice }, known, 1)).toThrow(/same parameter/);
  });

  test('fill in what a task does not give, under whatever name it might', () => {
    const { text, parameters } = parameterText({ ...task, parameters: { eta: 0.2 } }, known, 1);
    expect(text).toContain('learning_rate=0.2');
    expect(parameters).toEqual({ metric: 'average_precision', eta: 0.2 });
  });

  test('leave rounds to the task', () => {
    const text = parameterText({ ...task, parameters: { n_estimators: 999 } }, known, 1).text;
    expect(text).toContain('num_iterations=10');
  });

  test.each([
    ['an unknown name', { num_leafs: 7 }],
    ['a value that smuggles another parameter', { metric: 'auc num_leaves=2' }],
    ['an objective without log-odds', { objective: 'regression' }],
    ['trees that are not summed', { boosting: 'rf' }],
    ['leaves that are not constants', { linear_tree: true }],
  ])('are refused with %s', (_, parameters) => {
    expect(() => parameterText({ ...task, parameters }, known, 1)).toThrow(
      expect.objectContaining({ code: 'HF103' }) as Error,
    );
  });

  test.each([{ rounds: 0 }, { rounds: 1.5 }, { seed: -1 }, { seed: 2 ** 31 }])(
    'are refused with %o',
    (change) => {
      expect(() => parameterText({ ...task, ...change }, known, 1)).toThrow(/cannot be/);
    },
  );

  test("explain the library's refusals and pass other faults on", () => {
    const fault = (message: string): HoldfastError => new HoldfastError('HF502', { message });
    const bound = fault('LightGBM: Check failed: (max_bin) > (1) at /src/io/config_auto.cpp, line 3 .');
    expect(explainRefusedValue(bound)).toMatchObject({ code: 'HF103', place: { field: 'max_bin' } });
    const other = fault('LightGBM: out of luck');
    expect(explainRefusedValue(other)).toBe(other);
  });

  test('know which metrics are better when higher', () => {
    expect(['auc', 'average_precision'].every(isHigherBetter)).toBe(true);
    expect(['binary_logloss', 'binary_error', 'cross_entropy'].some(isHigherBetter)).toBe(false);
  });
});
