/** The folds of an evaluation as a terminal shows them. */
import type { HorizonEvaluation } from '../workflow/index.ts';
import { type Cell, formatTable, intervalText } from './format.ts';

const METRICS = [
  ['auc_pr', 'AUC-PR'],
  ['auc_roc', 'AUC-ROC'],
  ['lift_at_top_10pct', 'lift top 10 %'],
  ['brier', 'Brier'],
  ['calibration_in_the_large', 'calibration in the large'],
] as const;

const SUMMARIES = [
  ['mean', 'mean'],
  ['standardDeviation', 'standard deviation'],
  ['min', 'lowest'],
  ['max', 'highest'],
] as const;

/** A table of the folds of all horizons with their mean and spread; undefined where none were asked for. */
export function foldsText(horizons: readonly HorizonEvaluation[]): string | undefined {
  const rows = horizons.flatMap(({ days, folds }) => (folds === undefined ? [] : rowsOf(days, folds)));
  if (rows.length === 0) return undefined;
  return [
    'Folds: models trained on what was known at a past month, measured on what happened after it.',
    formatTable(
      [
        'horizon',
        'month',
        'trained to',
        'train rows',
        'rows',
        'positives',
        'base rate',
        ...METRICS.map(([, title]) => title),
      ],
      rows,
    ),
  ].join('\n');
}

function rowsOf(days: number, { folds, summary }: NonNullable<HorizonEvaluation['folds']>): Cell[][] {
  const measured = folds.map((fold): Cell[] =>
    'rows' in fold
      ? [
          days,
          fold.observedOn,
          fold.trainTo,
          fold.trainRows,
          fold.rows,
          fold.positives,
          decimal(fold.baseRate),
          ...METRICS.map(([name]) => intervalText(fold.metrics[name], 4)),
        ]
      : [days, fold.observedOn, fold.reason],
  );
  const summaries = SUMMARIES.map(([key, title]): Cell[] => [
    days,
    title,
    null,
    null,
    null,
    null,
    ...['base_rate', ...METRICS.map(([name]) => name)].map((name) => decimal(summary[name]?.[key])),
  ]);
  return [...measured, ...summaries];
}

const decimal = (value: number | null | undefined): string | null => value?.toFixed(4) ?? null;
