import { describe, expect, test } from 'vitest';
import { HoldfastError } from '../../kernel/index.ts';
import { explainRefusedValue, isHigherBetter, parameterList } from './parameters.ts';

const task = { parameters: {}, rounds: 10, seed: 5 };
const of = (parameters: Record<string, string | number | boolean>): Record<string, string> =>
  Object.fromEntries(parameterList({ ...task, parameters }, 2).list);

describe('XGBoost parameters', () => {
  test('carry the task, the defaults, and always what makes training repeatable', () => {
    expect(of({})).toEqual({
      objective: 'binary:logistic',
      booster: 'gbtree',
      tree_method: 'hist',
      learning_rate: '0.05',
      max_depth: '5',
      min_child_weight: '5',
      seed: '5',
      nthread: '2',
      disable_default_eval_metric: '1',
      eval_metric: 'aucpr',
    });
  });

  test('go by their canonical names, so that an alias and its name cannot both be given', () => {
    expect(of({ eta: 0.3, lambda: 2, gamma: 1 })).toMatchObject({
      learning_rate: '0.3',
      reg_lambda: '2',
      min_split_loss: '1',
    });
    expect(() => of({ eta: 0.3, learning_rate: 0.2 })).toThrow(/same parameter/);
  });

  test('may name several metrics, in their order', () => {
    const { list, parameters } = parameterList({ ...task, parameters: { eval_metric: 'auc,logloss' } }, 1);
    expect(list.filter(([name]) => name === 'eval_metric').map(([, value]) => value)).toEqual([
      'auc',
      'logloss',
    ]);
    expect(parameters['eval_metric']).toBe('auc,logloss');
  });

  test.each([
    ['an unknown name', { num_leaves: 7 }],
    ['a model without log-odds', { objective: 'reg:squarederror' }],
    ['trees that are not summed', { booster: 'dart' }],
    ['a method that depends on threads or has no categories', { tree_method: 'exact' }],
    ['several trees a round', { num_parallel_tree: 4 }],
    ['another device', { device: 'cuda' }],
  ])('are refused with %s (HF103)', (_, parameters) => {
    expect(() => of(parameters as Record<string, string | number>)).toThrow(
      expect.objectContaining({ code: 'HF103' }) as Error,
    );
  });

  test.each([
    ['value -1 for Parameter learning_rate should be greater equal to 0', 'learning_rate'],
    ["Invalid Parameter format for max_depth expect int but value='many'", 'max_depth'],
    ["Invalid Parameter format for monotone_constraints expect  but value='1,0'", 'monotone_constraints'],
    ['/src/metric/metric.cc:49: Unknown metric function foo', 'eval_metric'],
  ])('explain the refusal: %s', (message, field) => {
    const fault = new HoldfastError('HF502', { message: `XGBoost: ${message}` });
    expect(explainRefusedValue(fault)).toMatchObject({ code: 'HF103', place: { field } });
  });

  test('pass other faults on', () => {
    const other = new HoldfastError('HF502', { message: 'XGBoost: out of luck' });
    expect(explainRefusedValue(other)).toBe(other);
    expect(explainRefusedValue(null)).toBe(null);
  });

  test('know which metrics are better when higher', () => {
    expect(['auc', 'aucpr', 'map@10'].every(isHigherBetter)).toBe(true);
    expect(['logloss', 'error', 'error@0.3'].some(isHigherBetter)).toBe(false);
  });
});
