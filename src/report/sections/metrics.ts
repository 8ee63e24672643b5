import { intervalChart } from '../charts.ts';
import { HORIZON_COLORS } from '../colors.ts';
import { count, intervalText, metricText, percent, rangeOf } from '../format.ts';
import { type Html, html } from '../html.ts';
import type { ModelReport, ReportedHorizon, ReportedSplit } from '../model-report.ts';
import { figure, type Section } from '../page.ts';
import { renderTable } from '../table.ts';

/** Titles and order of the metrics; what a report does not know of is shown under its name. */
export type MetricTitles = Readonly<Record<string, string>>;

export function metricsSection({ horizons, resamples }: ModelReport, titles: MetricTitles): Section {
  return {
    id: 'metrics',
    title: 'Metrics',
    body: html`<p>
        In brackets: 95 % intervals from a bootstrap of ${count(resamples)} draws of entities, of at most 200
        for baselines and segments. AUC-PR comes first: it is read against the base rate, which a score
        without information has.
      </p>
      ${baselineFigure(horizons)} ${horizons.map((horizon) => horizonTable(horizon, titles))}`,
  };
}

function horizonTable(
  { days, validation, test, detail, decision, testRowsTrainedOn }: ReportedHorizon,
  titles: MetricTitles,
): Html {
  const baselines = detail.baselines;
  const row = (name: string): string[] => [
    metricText(validation, name),
    metricText(test, name),
    ...baselines.map(({ metrics }) => metricText(metrics, name)),
  ];
  const known = 'rows' in test ? test : validation;
  const names = 'rows' in known ? Object.keys(known.metrics) : [];
  return html`<h3>${days} days</h3>
    ${movedText(testRowsTrainedOn)}
    <p class="soft">
      ${sampleText('validation', validation)}; ${sampleText('test', test)}. ${decisionText(decision)}
      Baselines are measured on ${detail.split}:
      ${baselines.map(({ name, description }) => `${name.replaceAll('_', ' ')} (${description})`).join('; ')}.
    </p>
    ${renderTable({
      columns: [
        { heading: 'metric' },
        ...['validation', 'test', ...baselines.map(({ name }) => name.replaceAll('_', ' '))].map(
          (heading) => ({
            heading,
            numeric: true,
          }),
        ),
      ],
      rows: names.map((name) => [titles[name] ?? name, ...row(name)]),
    })}
    ${differenceTable(baselines, titles)}`;
}

/** By how much the model ranks better than each baseline. */
function differenceTable(
  baselines: ReportedHorizon['detail']['baselines'],
  titles: MetricTitles,
): Html | undefined {
  const compared = baselines.flatMap(({ name, modelMinusBaseline }) =>
    modelMinusBaseline === null ? [] : [{ name, differences: modelMinusBaseline }],
  );
  if (compared.length === 0) return undefined;
  return renderTable({
    caption:
      'The model less each baseline, measured on the same resamples of entities: where an interval holds 0, the rows do not tell which of the two ranks better.',
    columns: [
      { heading: 'the model less' },
      ...DIFFERENCES.map((name) => ({ heading: titles[name] ?? name, numeric: true })),
    ],
    rows: compared.map(({ name, differences }) => [
      name.replaceAll('_', ' '),
      ...DIFFERENCES.map((metric) => intervalText(differences[metric])),
    ]),
  });
}

const DIFFERENCES = ['auc_pr', 'auc_roc'] as const;

function movedText(rows: number | null): Html | undefined {
  if (rows === 0) return undefined;
  return html`<p class="bad">
    ${
      rows === null
        ? 'The training set has changed since the model was trained, and the version of then is gone: rows of test may have been trained on.'
        : `The splits have moved since the model was trained: it was trained on ${count(rows)} rows of test. The figures of test look better than the model is.`
    }
  </p>`;
}

function decisionText(decision: ReportedHorizon['decision']): string {
  const threshold = decision?.threshold ?? null;
  if (decision === null || threshold === null) return 'There is no decision threshold.';
  return `A probability of at least ${percent(threshold) ?? ''} counts as leaving (${decision.rule.rule.replaceAll('_', ' ')}, chosen on the calibrate rows).`;
}

function sampleText(name: string, split: ReportedSplit): string {
  if (!('rows' in split)) return `${name}: ${split.reason}`;
  return `${name}: ${count(split.rows)} rows, ${count(split.positives)} positives, base rate ${percent(split.baseRate) ?? '—'}`;
}

/** AUC-PR of model and baselines, a row each. */
function baselineFigure(horizons: readonly ReportedHorizon[]): Html {
  const rows = horizons.flatMap(({ days, detail, test, validation }, index) => {
    const color = HORIZON_COLORS[index] ?? HORIZON_COLORS[0];
    const model = detail.split === 'test' ? test : validation;
    const entries: readonly { name: string; metrics: ReportedSplit }[] = [
      { name: 'model', metrics: model },
      ...detail.baselines,
    ];
    return entries.flatMap(({ name, metrics }) => {
      const metric = 'rows' in metrics ? metrics.metrics['auc_pr'] : undefined;
      return metric === undefined || metric.value === null
        ? []
        : [
            {
              name: `${String(days)} d ${name.replaceAll('_', ' ')}`,
              values: [{ value: metric.value, color, ...rangeOf(metric) }],
            },
          ];
    });
  });
  return figure({
    chart: intervalChart(
      {
        summary: 'AUC-PR of model and baselines with intervals.',
        x: { label: 'AUC-PR' },
        width: 620,
        marginLeft: 170,
      },
      rows,
    ),
    caption: 'AUC-PR of the model and of what could be had without it, with 95 % intervals.',
  });
}
