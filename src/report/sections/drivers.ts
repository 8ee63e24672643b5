import { intervalChart, swarmChart } from '../charts.ts';
import { COLORS } from '../colors.ts';
import { count, decimal } from '../format.ts';
import { type Html, html } from '../html.ts';
import type { ModelReport, ReportedDrivers } from '../model-report.ts';
import { figure, gallery, type Section } from '../page.ts';
import { renderTable } from '../table.ts';

const SHOWN = 15;
/** Dots a feature: more would only make the page large. */
const DOTS = 120;

/** What drives the scores, and whether that is what was expected. */
export function driverSection({ drivers }: ModelReport): Section {
  return {
    id: 'drivers',
    title: 'Drivers',
    body: html`<p>
        Exact Shapley values of the raw score, in log-odds. They say what the model goes by, not what would
        happen if it were changed.
      </p>
      ${drivers.map(
        (horizon) =>
          html`<h3>${horizon.days} days, ${count(horizon.rows)} rows</h3>
            ${gallery([importance(horizon), swarm(horizon)])} ${hypotheses(horizon)}`,
      )}`,
  };
}

function importance({ days, features }: ReportedDrivers): Html {
  return figure({
    chart: intervalChart(
      {
        summary: `Mean size of the contributions to the ${String(days)}-day score by feature.`,
        x: {
          label: 'mean size of the contribution, log-odds',
          domain: [0, Math.max(0.01, ...features.map(({ meanAbsolute }) => meanAbsolute))],
        },
        marginLeft: 240,
      },
      features.slice(0, SHOWN).map(({ label, meanAbsolute }) => ({
        name: label,
        values: [{ value: meanAbsolute, color: COLORS.model }],
      })),
    ),
    caption: `The ${String(Math.min(SHOWN, features.length))} features that move the score most.`,
    table: renderTable({
      columns: [
        { heading: 'feature' },
        { heading: 'mean size', numeric: true },
        { heading: 'higher value, higher score', numeric: true },
      ],
      rows: features.map(({ feature, meanAbsolute, direction }) => [
        feature,
        decimal(meanAbsolute),
        decimal(direction, 2),
      ]),
    }),
  });
}

function swarm({ days, swarm: series, features }: ReportedDrivers): Html {
  const labels = new Map(features.map(({ feature, label }) => [feature, label]));
  return figure({
    chart: swarmChart(
      {
        summary: `Contributions to the ${String(days)}-day score, a dot a row, by feature and value.`,
        x: { label: 'contribution, log-odds' },
        marginLeft: 240,
      },
      series.map(({ feature, points }) => ({
        name: labels.get(feature) ?? feature,
        points: points.slice(0, DOTS).map(({ contribution, quantile }) => ({ x: contribution, quantile })),
      })),
    ),
    caption:
      'A dot a row: blue is a low value of the feature, red a high one, grey a category or a missing value.',
  });
}

function hypotheses({ hypotheses: lines }: ReportedDrivers): Html | undefined {
  if (lines.length === 0) return undefined;
  return renderTable({
    caption:
      'What was expected to drive this horizon, and whether the model bears it out: a driver that works the other way than expected does not.',
    columns: [
      { heading: 'feature' },
      { heading: 'expectation' },
      { heading: 'rank', numeric: true },
      { heading: 'mean size', numeric: true },
      { heading: 'raised by' },
      { heading: 'verdict' },
    ],
    rows: lines.map((line) => [
      line.feature,
      line.says,
      String(line.rank),
      decimal(line.meanAbsolute),
      directionText(line),
      line.verdict,
    ]),
  });
}

/** Such as `higher values (0.83), as expected`. */
function directionText({
  direction,
  raisedBy,
  expectedRaisedBy: expected,
}: ReportedDrivers['hypotheses'][number]): string | null {
  if (direction === null) return null;
  const found = `${raisedBy === null ? 'neither' : `${raisedBy} values`} (${decimal(direction, 2) ?? ''})`;
  if (expected === null) return found;
  return `${found}, ${raisedBy === expected ? 'as expected' : `expected: ${expected}`}`;
}
