import { intervalChart } from '../charts.ts';
import { COLORS } from '../colors.ts';
import { count, metricText, percent, rangeOf } from '../format.ts';
import { type Html, html } from '../html.ts';
import type { ModelReport, ReportedHorizon, ReportedPart } from '../model-report.ts';
import { figure, gallery, type Section } from '../page.ts';
import { renderTable } from '../table.ts';

/** Where a model that is good on the whole is not. */
export function segmentSection({ horizons }: ModelReport): Section {
  return {
    id: 'segments',
    title: 'Segments and months',
    body: html`<p>
        A segment with few rows or few who left is named without metrics: they would say more of chance than
        of the model. Of a segment with more than 20 values, the 20 with the most rows are shown, and the
        others as one.
      </p>
      ${horizons.map(
        (horizon) =>
          html`<h3>${horizon.days} days, ${horizon.detail.split}</h3>
            ${gallery(
              [...horizon.detail.segments, { segment: 'month', parts: horizon.detail.months }].map(
                ({ segment, parts }) => partsFigure(horizon, segment, parts),
              ),
            )}`,
      )}`,
  };
}

function partsFigure({ days }: ReportedHorizon, segment: string, parts: readonly ReportedPart[]): Html {
  const measured = parts.flatMap(({ value, metrics }) => {
    const metric = 'rows' in metrics ? metrics.metrics['auc_roc'] : undefined;
    if (metric === undefined || metric.value === null) return [];
    return [{ name: value, values: [{ value: metric.value, color: COLORS.model, ...rangeOf(metric) }] }];
  });
  const table = renderTable({
    columns: [
      { heading: segment },
      ...['rows', 'left', 'base rate', 'AUC-ROC', 'AUC-PR', 'calibration in the large'].map((heading) => ({
        heading,
        numeric: true,
      })),
    ],
    rows: parts.map(({ value, rows, positives, metrics }) => [
      value,
      count(rows),
      count(positives),
      percent(positives / rows),
      ...('rows' in metrics
        ? ['auc_roc', 'auc_pr', 'calibration_in_the_large'].map((name) => metricText(metrics, name))
        : [metrics.reason, null, null]),
    ]),
  });
  return measured.length === 0
    ? html`<div>${table}</div>`
    : figure({
        chart: intervalChart(
          { summary: `AUC-ROC of the ${String(days)}-day model by ${segment}.`, x: { label: 'AUC-ROC' } },
          measured,
        ),
        caption: `AUC-ROC by ${segment}, with 95 % intervals.`,
        table,
      });
}
