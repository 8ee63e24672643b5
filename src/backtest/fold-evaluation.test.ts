import { describe, expect, it } from 'vitest';
import { evaluateFold, FOLD_METRICS, type FoldEvaluation, summarizeFolds } from './fold-evaluation.ts';
import type { Fold, PlannedModel } from './folds.ts';

const FOLD: Fold = { observedOn: '2024-04-01', rows: new Uint32Array(), horizons: [] };
const PLAN: PlannedModel = {
  days: 30,
  train: Uint32Array.of(0, 1, 2),
  stop: Uint32Array.of(3),
  calibrate: Uint32Array.of(4),
  trainFrom: '2023-01-01',
  trainTo: '2023-12-01',
  validationFrom: '2024-01-01',
};

const scored = (labels: readonly number[]) => ({
  trees: 7,
  labels: Float32Array.from(labels),
  entities: Uint32Array.from(labels, (_, row) => row),
  rawScores: Float64Array.from(labels, (_, row) => -row),
  probabilities: Float64Array.from(labels, (_, row) => 1 / (row + 2)),
});

describe('the metrics of a fold', () => {
  it('stand beside what was trained and measured', () => {
    expect(evaluateFold(FOLD, PLAN, scored([1, 0, 1, 0]))).toMatchObject({
      observedOn: '2024-04-01',
      trainRows: 3,
      trainTo: '2023-12-01',
      trees: 7,
      rows: 4,
      positives: 2,
      baseRate: 0.5,
      metrics: { auc_roc: { value: 0.75 } },
    });
  });

  it('have intervals from a bootstrap over the entities of the month', () => {
    const labels = Array.from({ length: 60 }, (_, row) => (row % 3 === 0 || row < 10 ? 1 : 0));
    const fold = evaluateFold(FOLD, PLAN, scored(labels), { resamples: 50 });
    const { value, lower, upper } = ('metrics' in fold ? fold.metrics['auc_pr'] : undefined) ?? {};
    expect(lower as number).toBeLessThan(value as number);
    expect(upper as number).toBeGreaterThan(value as number);
  });

  it('say why they have no value where nobody left, and the fold still counts', () => {
    const fold = evaluateFold(FOLD, PLAN, scored([0, 0, 0]));
    expect(fold).toMatchObject({ rows: 3, positives: 0, baseRate: 0 });
    const metrics = 'metrics' in fold ? fold.metrics : {};
    expect(Object.keys(metrics)).toEqual([...FOLD_METRICS]);
    for (const name of ['auc_pr', 'auc_roc', 'lift_at_top_10pct', 'calibration_in_the_large'])
      expect(metrics[name]).toEqual({
        value: null,
        lower: null,
        upper: null,
        reason: 'no row is positive',
      });
    expect(metrics['brier']?.value).toBeGreaterThan(0);
  });

  it('are left out with the reason where there is no model', () => {
    const reason = 'too little history: 1 month before it';
    expect(evaluateFold(FOLD, { days: 30, reason }, undefined)).toEqual({ observedOn: '2024-04-01', reason });
  });
});

describe('the summary of folds', () => {
  const without: FoldEvaluation = { observedOn: '2024-01-01', reason: 'too little history' };

  it('is over the folds that have a value', () => {
    const folds = [
      without,
      evaluateFold(FOLD, PLAN, scored([1, 0, 1, 0])),
      evaluateFold(FOLD, PLAN, scored([1, 1, 0, 0])),
      evaluateFold(FOLD, PLAN, scored([0, 0, 0, 0])),
    ];
    const { summary } = summarizeFolds(folds);
    expect(summary['auc_roc']).toEqual({
      folds: 2,
      mean: 0.875,
      standardDeviation: Math.SQRT2 / 8,
      min: 0.75,
      max: 1,
    });
    expect(summary['brier']?.folds).toBe(3);
    expect(summary['base_rate']).toMatchObject({ folds: 3, min: 0, max: 0.5 });
  });

  it('holds null, not NaN, where there is nothing to sum up', () => {
    const none = { folds: 0, mean: null, standardDeviation: null, min: null, max: null };
    expect(summarizeFolds([without]).summary['auc_pr']).toEqual(none);
    const one = summarizeFolds([evaluateFold(FOLD, PLAN, scored([1, 0]))]).summary['auc_roc'];
    expect(one).toEqual({ folds: 1, mean: 1, standardDeviation: null, min: 1, max: 1 });
  });
});
