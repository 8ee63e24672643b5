/** How good the models of past months were, fold by fold, so that a lucky split shows. */
import {
  bootstrapBinary,
  type CalendarDate,
  type MetricInterval,
  type Resampling,
  type ScoredColumns,
} from '../domain/index.ts';
import type { Fold, HorizonFold } from './folds.ts';

/** Metrics of a fold by their names in `metricList`. */
export const FOLD_METRICS = [
  'auc_pr',
  'auc_roc',
  'lift_at_top_10pct',
  'brier',
  'calibration_in_the_large',
] as const;

export type FoldMetric = (typeof FOLD_METRICS)[number];

/** One horizon of one fold, or why it was not measured. A metric without meaning says why instead of a value. */
export type FoldEvaluation =
  | {
      readonly observedOn: CalendarDate;
      readonly trainRows: number;
      readonly trainFrom: CalendarDate;
      readonly trainTo: CalendarDate;
      readonly trees: number;
      readonly rows: number;
      readonly positives: number;
      readonly baseRate: number | null;
      /** With 95 % intervals from a bootstrap over the entities of the month. */
      readonly metrics: Readonly<Record<string, MetricInterval>>;
    }
  | { readonly observedOn: CalendarDate; readonly reason: string };

/** A metric over the folds that have a value; null where no fold has one. */
export interface FoldSummary {
  readonly folds: number;
  readonly mean: number | null;
  /** Of the sample (n - 1); null with fewer than two folds. */
  readonly standardDeviation: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

export interface FoldedHorizon {
  /** Oldest first. */
  readonly folds: readonly FoldEvaluation[];
  /** By metric, and `base_rate`. */
  readonly summary: Readonly<Record<string, FoldSummary>>;
}

/** The rows of a fold as the model of then scores them. */
export interface ScoredFoldRows extends ScoredColumns {
  readonly entities: Uint32Array;
  readonly trees: number;
}

/** Measures a horizon on the rows of a fold; `scored` is missing where the plan has no model. */
export function evaluateFold(
  { observedOn }: Fold,
  plan: HorizonFold,
  scored: ScoredFoldRows | undefined,
  options: Resampling = {},
): FoldEvaluation {
  if ('reason' in plan) return { observedOn, reason: plan.reason };
  if (scored === undefined) return { observedOn, reason: 'there is no model' };
  const { rows, positives, baseRate, metrics } = bootstrapBinary(scored, options);
  const measured = FOLD_METRICS.map(
    (name) => [name, metrics[name] ?? { value: null, lower: null, upper: null }] as const,
  );
  return {
    observedOn,
    trainRows: plan.train.length,
    trainFrom: plan.trainFrom,
    trainTo: plan.trainTo,
    trees: scored.trees,
    rows,
    positives,
    baseRate,
    metrics: Object.fromEntries(measured),
  };
}

/** Mean, spread and ends of each metric over folds. */
export function summarizeFolds(folds: readonly FoldEvaluation[]): FoldedHorizon {
  const measured = folds.filter((fold) => 'rows' in fold);
  const known = (values: readonly (number | null | undefined)[]): number[] =>
    values.filter((value) => value !== null && value !== undefined);
  return {
    folds,
    summary: Object.fromEntries([
      ['base_rate', summaryOf(known(measured.map(({ baseRate }) => baseRate)))],
      ...FOLD_METRICS.map((name) => [
        name,
        summaryOf(known(measured.map(({ metrics }) => metrics[name]?.value))),
      ]),
    ]) as Record<string, FoldSummary>,
  };
}

function summaryOf(values: readonly number[]): FoldSummary {
  const count = values.length;
  if (count === 0) return { folds: 0, mean: null, standardDeviation: null, min: null, max: null };
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    folds: count,
    mean,
    standardDeviation: count < 2 ? null : Math.sqrt(squares / (count - 1)),
    min: Math.min(...values),
    max: Math.max(...values),
  };
}
