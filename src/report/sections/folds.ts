import { monthOf } from '../../domain/index.ts';
import { intervalChart } from '../charts.ts';
import { COLORS } from '../colors.ts';
import { count, decimal, intervalText, percent, rangeOf } from '../format.ts';
import type { ReportedFold, ReportedFolds } from '../folds-report.ts';
import { type Html, html } from '../html.ts';
import type { ModelReport } from '../model-report.ts';
import { figure, gallery, type Section } from '../page.ts';
import { renderTable } from '../table.ts';
import type { MetricTitles } from './metrics.ts';

/** Models of past months, so that a lucky split shows. */
export function foldSection({ horizons }: ModelReport, titles: MetricTitles): Section {
  const folded = horizons.flatMap(({ days, folds }) => (folds === undefined ? [] : [{ days, folds }]));
  return {
    id: 'folds',
    title: 'Folds',
    body:
      folded.length === 0
        ? html`<p>
            Not measured. <code>holdfast evaluate --folds 6</code> trains and measures models of past months,
            so that it shows whether the test months were lucky.
          </p>`
        : html`<p>
              At each month, models were trained on what was known by then, as the pack trains, and measured
              on those at risk in that month. The window of training grows from fold to fold. In brackets: 95
              % intervals from a bootstrap of at most 200 draws of entities.
            </p>
            ${gallery(folded.flatMap(({ days, folds }) => foldFigure(days, folds)))}
            ${folded.map(
              ({ days, folds }) =>
                html`<h3>${days} days</h3>
                  ${foldTable(folds, titles)} ${summaryTable(folds, titles)}`,
            )}`,
  };
}

/** Nothing where no fold has a value. */
function foldFigure(days: number, { folds }: ReportedFolds): Html[] {
  const measured = folds.flatMap((fold) => {
    const metric = 'rows' in fold ? fold.metrics['auc_pr'] : undefined;
    const value = metric?.value ?? null;
    if (value === null || !('rows' in fold) || fold.baseRate === null) return [];
    return [
      {
        name: monthOf(fold.observedOn),
        values: [
          { value: fold.baseRate, color: COLORS.reference },
          { value, color: COLORS.model, ...rangeOf(metric) },
        ],
      },
    ];
  });
  if (measured.length === 0) return [];
  return [
    figure({
      chart: intervalChart(
        {
          summary: `AUC-PR of the ${String(days)}-day model in each fold, beside the base rate.`,
          x: { label: `AUC-PR, ${String(days)} days` },
          marginLeft: 70,
        },
        measured,
      ),
      caption: `${String(days)} days: AUC-PR by month (blue) beside the base rate (grey), which a score without information has.`,
    }),
  ];
}

function foldTable({ folds, summary }: ReportedFolds, titles: MetricTitles): Html {
  const names = Object.keys(summary).filter((name) => name !== 'base_rate');
  const figures = ['trained to', 'train rows', 'rows', 'left', 'base rate'];
  return renderTable({
    columns: [
      { heading: 'month' },
      ...[...figures, ...names.map((name) => titles[name] ?? name)].map((heading) => ({
        heading,
        numeric: true,
      })),
    ],
    rows: folds.map((fold) => foldRow(fold, names)),
  });
}

function foldRow(fold: ReportedFold, names: readonly string[]): (string | null)[] {
  if (!('rows' in fold))
    return [monthOf(fold.observedOn), fold.reason, ...names.map(() => null), null, null, null, null];
  return [
    monthOf(fold.observedOn),
    monthOf(fold.trainTo),
    count(fold.trainRows),
    count(fold.rows),
    count(fold.positives),
    percent(fold.baseRate),
    ...names.map((name) => {
      const metric = fold.metrics[name];
      return metric === undefined ? null : intervalText(metric);
    }),
  ];
}

function summaryTable({ summary, folds }: ReportedFolds, titles: MetricTitles): Html {
  return renderTable({
    caption: `The metrics over ${count(folds.length)} folds.`,
    columns: [
      { heading: 'metric' },
      ...['folds with a value', 'mean', 'standard deviation', 'lowest', 'highest'].map((heading) => ({
        heading,
        numeric: true,
      })),
    ],
    rows: Object.entries(summary).map(([name, { folds: counted, mean, standardDeviation, min, max }]) => [
      name === 'base_rate' ? 'base rate' : (titles[name] ?? name),
      count(counted),
      ...[mean, standardDeviation, min, max].map((value) => decimal(value, 4)),
    ]),
  });
}
