import { barChart, dotChart, lineChart } from '../charts.ts';
import { COLORS } from '../colors.ts';
import { count, decimal, percent } from '../format.ts';
import { type Html, html } from '../html.ts';
import type { ModelReport, ReportedHorizon } from '../model-report.ts';
import { figure, gallery, type Section } from '../page.ts';
import { renderTable } from '../table.ts';

/** How well each horizon ranks: precision and recall, ROC, gains, deciles. */
export function rankingSection({ horizons }: ModelReport): Section {
  return {
    id: 'ranking',
    title: 'Ranking',
    body: html`${horizons.map(
      (horizon) =>
        html`<h3>${horizon.days} days, ${horizon.detail.split}</h3>
          ${gallery([precisionRecall(horizon), roc(horizon), gains(horizon), deciles(horizon)])}`,
    )}`,
  };
}

function precisionRecall({ days, detail }: ReportedHorizon): Html {
  return figure({
    chart: lineChart(
      {
        summary: `Precision at each recall of the ${String(days)}-day model.`,
        x: { label: 'recall', format: '.0%', domain: [0, 1] },
        y: { label: 'precision', format: '.0%', domain: [0, 1] },
      },
      [
        {
          name: 'model',
          color: COLORS.model,
          points: detail.curve.map(({ recall, precision }) => ({ x: recall, y: precision })),
        },
      ],
    ),
    caption: 'Precision and recall at every threshold.',
    table: curveTable(detail.curve),
  });
}

function curveTable(curve: ReportedHorizon['detail']['curve']): Html {
  const step = Math.max(1, Math.ceil(curve.length / 20));
  return renderTable({
    columns: ['taken', 'precision', 'found', 'false positives'].map((heading) => ({
      heading,
      numeric: true,
    })),
    rows: curve
      .filter((_, index) => index % step === 0 || index === curve.length - 1)
      .map(({ share, precision, recall, falsePositiveRate }) =>
        [share, precision, recall, falsePositiveRate].map(percent),
      ),
  });
}

function roc({ days, detail }: ReportedHorizon): Html {
  return figure({
    chart: lineChart(
      {
        summary: `ROC curve of the ${String(days)}-day model.`,
        x: { label: 'share of those who stayed', format: '.0%', domain: [0, 1] },
        y: { label: 'share of those who left', format: '.0%', domain: [0, 1] },
        names: 'bottom-right',
      },
      [
        {
          name: 'model',
          color: COLORS.model,
          points: [
            { x: 0, y: 0 },
            ...detail.curve.map(({ recall, falsePositiveRate }) => ({ x: falsePositiveRate, y: recall })),
          ],
        },
        { name: 'chance', color: COLORS.reference, dashed: true, points: DIAGONAL },
      ],
    ),
    caption: 'ROC: found among those who left against taken among those who stayed.',
  });
}

function gains(horizon: ReportedHorizon): Html {
  return figure({
    chart: gainsChart(horizon),
    caption: 'Gains: how many of those who left are found by contacting so many.',
  });
}

/** How many of those who left are found by contacting so many. */
export function gainsChart({ days, detail }: ReportedHorizon): Html {
  return lineChart(
    {
      summary: `Gains curve of the ${String(days)}-day model.`,
      x: { label: 'contacted', format: '.0%', domain: [0, 1] },
      y: { label: 'of those who left, found', format: '.0%', domain: [0, 1] },
      names: 'bottom-right',
    },
    [
      {
        name: 'model',
        color: COLORS.model,
        points: [{ x: 0, y: 0 }, ...detail.curve.map(({ share, recall }) => ({ x: share, y: recall }))],
      },
      { name: 'chance', color: COLORS.reference, dashed: true, points: DIAGONAL },
    ],
  );
}

const DIAGONAL = [
  { x: 0, y: 0 },
  { x: 1, y: 1 },
] as const;

function deciles({ days, detail }: ReportedHorizon): Html {
  return figure({
    chart: barChart(
      {
        summary: `Share that left by risk decile of the ${String(days)}-day model.`,
        label: 'risk decile, 10 is the highest',
        y: { label: 'left', format: '.0%' },
      },
      detail.deciles.map(({ decile, rate }) => ({
        name: String(decile),
        value: rate ?? 0,
        color: COLORS.bar,
      })),
    ),
    caption:
      'Share that left by decile; the edges were fixed in training, so deciles need not be equally full.',
    table: renderTable({
      columns: ['decile', 'rows', 'left', 'predicted', 'actual'].map((heading) => ({
        heading,
        numeric: true,
      })),
      rows: detail.deciles.map(({ decile, rows, positives, meanProbability, rate }) => [
        String(decile),
        count(rows),
        count(positives),
        percent(meanProbability),
        percent(rate),
      ]),
    }),
  });
}

/** Whether a probability means what it says. */
export function calibrationSection({ horizons }: ModelReport): Section {
  return {
    id: 'calibration',
    title: 'Calibration',
    body: html`<p>
        Each dot is a twentieth of the rows in order of probability, or more where many have the same one. On
        the dashed line, of those who were given 8 %, 8 in 100 left.
      </p>
      ${gallery(horizons.map(calibrationFigure))} ${shiftTable(horizons)}`,
  };
}

/** The share that left against what was said, in bins. */
export function calibrationChart({ days, detail }: ReportedHorizon): Html {
  const most = Math.max(
    0.05,
    ...detail.calibration.flatMap(({ meanProbability, upper }) => [meanProbability, upper]),
  );
  return dotChart(
    {
      summary: `Share that left against mean probability of the ${String(days)}-day model, in twenty bins.`,
      x: { label: 'mean probability', format: '.0%', domain: [0, most], scale: 'sqrt' },
      y: { label: 'left', format: '.0%', domain: [0, most], scale: 'sqrt' },
      diagonal: true,
    },
    [
      {
        name: `${String(days)} days`,
        color: COLORS.model,
        points: detail.calibration.map(({ meanProbability, rate, lower, upper }) => ({
          x: meanProbability,
          y: rate,
          lower,
          upper,
        })),
      },
    ],
  );
}

function calibrationFigure(horizon: ReportedHorizon): Html {
  const { days, detail, calibrator } = horizon;
  return figure({
    chart: calibrationChart(horizon),
    caption: `${String(days)} days, ${detail.split}: ${calibrator} calibrator; bars are 95 % intervals of the share. Root scales.`,
    table: renderTable({
      columns: ['rows', 'left', 'mean probability', 'share that left', 'interval'].map((heading) => ({
        heading,
        numeric: true,
      })),
      rows: detail.calibration.map(({ rows, positives, meanProbability, rate, lower, upper }) => [
        count(rows),
        count(positives),
        percent(meanProbability),
        percent(rate),
        `${percent(lower) ?? ''} to ${percent(upper) ?? ''}`,
      ]),
    }),
  });
}

/** A base rate that moved since calibration is no fault of the ranking, but every probability feels it. */
function shiftTable(horizons: readonly ReportedHorizon[]): Html {
  return renderTable({
    caption:
      'How far the base rate has moved since calibration, and what is left after one constant in log-odds that makes the mean right.',
    columns: [
      { heading: 'horizon' },
      ...[
        'base rate calibrated on',
        'base rate here',
        'constant',
        'calibration error after',
        'slope after',
        'Brier after',
        'Brier uncalibrated',
      ].map((heading) => ({ heading, numeric: true })),
    ],
    rows: horizons.flatMap(({ days, detail: { shift } }) =>
      shift === null
        ? []
        : [
            [
              `${String(days)} days`,
              percent(shift.calibrateRate),
              percent(shift.rate),
              decimal(shift.constant),
              decimal(shift.calibrationError, 4),
              decimal(shift.calibrationSlope),
              decimal(shift.brier, 5),
              decimal(shift.brierUncalibrated, 5),
            ],
          ],
    ),
  });
}
