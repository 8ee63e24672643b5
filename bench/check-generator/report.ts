/** The report of the check: a verdict first, then every figure with its bar and a picture a feature. */
import {
  figure,
  gallery,
  type Html,
  html,
  intervalChart,
  lineChart,
  dotChart,
  renderPage,
  renderTable,
  type Section,
} from '../../src/report/index.ts';
import type { WeekOfUse } from './before-the-cease.ts';
import type { NodeRate } from './conditional-rates.ts';
import type { DistributionCurve } from './distributions.ts';
import { describeBar, type Figure, formatValue, isMet } from './figure.ts';
import { WEEKS_BEFORE_THE_CEASE } from './published-facts.ts';
import type { MonthRate } from './shares.ts';
import { reasonOfMiss } from './known-misses.ts';

export interface CheckResult {
  readonly customers: number;
  readonly seed: number;
  readonly figures: readonly Figure[];
  readonly curves: readonly DistributionCurve[];
  readonly nodes: readonly NodeRate[];
  readonly months: readonly MonthRate[];
  readonly weeks: readonly WeekOfUse[];
}

const PUBLISHED = '#9aa4b2';
const GENERATED = '#0072b2';
const OWN = '#b85c00';

/** The report as one HTML page. */
export function renderCheckReport(result: CheckResult): string {
  const missed = result.figures.filter((entry) => isMet(entry) === false);
  const barred = result.figures.filter(({ bar }) => bar !== undefined);
  return renderPage({
    title: 'Does the made-up company behave like the published one?',
    lead: html`${
      missed.length === 0
        ? `All ${String(barred.length)} bars are met`
        : `${String(barred.length - missed.length)} of ${String(barred.length)} bars are met, ${String(missed.length)} are missed`
    }
    at ${formatValue(result.customers, 'count')} customers, seed ${result.seed}. Grey is published, blue is
    generated and measured by the published protocol, orange is the same by Holdfast's own rules: known
    outcomes and customers at risk only.`,
    sections: [
      verdict(missed),
      section('models', 'Models', tables(result, ['Models', 'Generation'])),
      distributions(result),
      rates(result),
      section(
        'calls',
        'Calls',
        html`${dumbbells(result, 'Calls in 30 days')} ${tables(result, ['Calls in 30 days', 'Calls by type'])}`,
      ),
      beforeTheCease(result),
      section(
        'categories',
        'Categories',
        tables(result, [
          'Technology of customers',
          'Speed of customers, Mbit/s',
          'Sales channel of leavers',
          'Reasons for leaving',
          'Shares of snapshots',
        ]),
      ),
      section('counts', 'Counts', tables(result, ['Counts'])),
    ],
  });
}

const section = (id: string, title: string, body: Html): Section => ({ id, title, body });

function verdict(missed: readonly Figure[]): Section {
  return section(
    'verdict',
    'Missed bars',
    missed.length === 0
      ? html`<p>None.</p>`
      : html`${figuresTable(missed, 'Every figure outside its bar.', true)}
          <ul>
            ${missed.map(({ name }) => html`<li>${name}: ${reasonOfMiss(name)}</li>`)}
          </ul>`,
  );
}

function tables({ figures }: CheckResult, groups: readonly string[]): Html {
  return html`${groups.map((group) => {
    const rows = figures.filter((entry) => entry.group === group);
    return rows.length === 0 ? undefined : figuresTable(rows, group);
  })}`;
}

function figuresTable(figures: readonly Figure[], caption: string, withGroup = false): Html {
  return renderTable({
    caption,
    columns: [
      ...(withGroup ? [{ heading: 'group' }] : []),
      { heading: 'figure' },
      { heading: 'published', numeric: true },
      { heading: 'generated', numeric: true },
      { heading: 'own rules', numeric: true },
      { heading: 'bar', numeric: true },
      { heading: 'verdict' },
    ],
    rows: figures.map((entry) => {
      const met = isMet(entry);
      return [
        ...(withGroup ? [entry.group] : []),
        entry.name,
        formatValue(entry.published, entry.unit),
        formatValue(entry.measured, entry.unit),
        formatValue(entry.ownRules, entry.unit),
        describeBar(entry),
        met === null
          ? ''
          : met
            ? { text: 'met', mood: 'good' as const }
            : { text: 'missed', mood: 'bad' as const },
      ];
    }),
  });
}

function distributions(result: CheckResult): Section {
  const pictures = result.curves.map(({ feature, thresholds, published, measured, distance }) => {
    const points = (shares: readonly number[]): { x: number; y: number }[] =>
      thresholds.map((x, index) => ({ x, y: shares[index] ?? NaN }));
    const skewed = !['ooc_days', 'tenure_days', 'line_speed'].includes(feature);
    return figure({
      chart: lineChart(
        {
          summary: `Share of snapshots at or below each value of ${feature}, published and generated; largest distance ${distance.toFixed(3)}.`,
          x: { label: feature, scale: skewed ? 'sqrt' : 'linear', format: '~s' },
          // Nine in ten have no call: without them the rest could not be told apart.
          y: {
            label: 'share of snapshots at or below',
            domain: [(published[0] ?? 0) > 0.8 ? 0.9 : 0, 1],
            format: '.0%',
          },
          names: 'bottom-right',
        },
        [
          { name: 'published', color: PUBLISHED, width: 5, points: points(published) },
          { name: 'generated', color: GENERATED, points: points(measured) },
        ],
      ),
      caption: `${feature}: Kolmogorov distance ${distance.toFixed(3)} (bar .05)`,
      table: renderTable({
        columns: ['value', 'published', 'generated'].map((heading) => ({ heading, numeric: true })),
        rows: thresholds
          .map((value, index) => [
            formatValue(value, 'number'),
            formatValue(published[index], 'share'),
            formatValue(measured[index], 'share'),
          ])
          .filter((_, index) => index % 16 === 0),
      }),
    });
  });
  return section(
    'distributions',
    'Distributions',
    html`<p>
        Share of training snapshots at or below each published quantile. Missing values are left out, as
        published.
      </p>
      ${gallery(pictures)} ${tables(result, ['Distributions'])}`,
  );
}

function rates(result: CheckResult): Section {
  const nodes = result.nodes.filter(({ rate }) => rate !== null && rate > 0);
  const months = (pick: (month: MonthRate) => number | null): { x: number; y: number }[] =>
    result.months.flatMap((month, index) => {
      const y = pick(month);
      return y === null ? [] : [{ x: index + 1, y }];
    });
  const pictures = [
    figure({
      chart: dotChart(
        {
          summary: 'Cease rate of each node of the published tree, published against generated.',
          x: { label: 'published cease rate', scale: 'log', domain: [0.002, 0.7], format: '.1%' },
          y: { label: 'generated cease rate', scale: 'log', domain: [0.002, 0.7], format: '.1%' },
          diagonal: true,
        },
        [
          {
            name: 'under 50,000 published rows',
            color: PUBLISHED,
            radius: 3,
            points: nodePoints(nodes.filter(({ publishedRows }) => publishedRows < 50_000)),
          },
          {
            name: '50,000 rows or more',
            color: GENERATED,
            radius: 4,
            points: nodePoints(nodes.filter(({ publishedRows }) => publishedRows >= 50_000)),
          },
        ],
      ),
      caption: 'Nodes of the published tree: on the dashed line the two rates are equal.',
    }),
    figure({
      chart: lineChart(
        {
          summary: 'Cease rate of the snapshots of each month, by the published protocol and by own rules.',
          x: { label: 'month of the range' },
          y: { label: 'cease within 30 days', format: '.1%' },
        },
        [
          { name: 'published protocol', color: GENERATED, points: months(({ rate }) => rate) },
          { name: 'own rules', color: OWN, points: months(({ ownRate }) => ownRate) },
        ],
      ),
      caption:
        'By the published protocol the last month is censored and counts as "no"; by own rules it is unknown.',
      table: renderTable({
        columns: ['month', 'snapshots', 'rate', 'own rules'].map((heading, index) => ({
          heading,
          numeric: index > 0,
        })),
        rows: result.months.map(({ month, snapshots, rate, ownRate }) => [
          month,
          formatValue(snapshots, 'count'),
          formatValue(rate, 'share'),
          formatValue(ownRate, 'share'),
        ]),
      }),
    }),
  ];
  return section(
    'rates',
    'Cease rates',
    html`${tables(result, ['Base rates', 'Conditional cease rates'])} ${gallery(pictures)}
    ${nodeTable(result.nodes)}`,
  );
}

const nodePoints = (nodes: readonly NodeRate[]): { x: number; y: number }[] =>
  nodes.map(({ publishedRate, rate }) => ({ x: publishedRate, y: rate ?? NaN }));

function nodeTable(nodes: readonly NodeRate[]): Html {
  return renderTable({
    caption: 'Nodes of the published tree; conditions add up from the root.',
    columns: [
      { heading: 'node' },
      { heading: 'published share', numeric: true },
      { heading: 'generated share', numeric: true },
      { heading: 'published rate', numeric: true },
      { heading: 'generated rate', numeric: true },
      { heading: 'own rules', numeric: true },
      { heading: 'error', numeric: true },
    ],
    rows: nodes.map((node) => [
      `${'· '.repeat(Math.max(0, node.conditions.length - 1))}${node.conditions.at(-1) ?? 'all'}`,
      formatValue(node.publishedShare, 'share'),
      formatValue(node.share, 'share'),
      formatValue(node.publishedRate, 'share'),
      formatValue(node.rate, 'share'),
      formatValue(node.ownRate, 'share'),
      node.rate === null ? null : `${((node.rate / node.publishedRate - 1) * 100).toFixed(0)} %`,
    ]),
  });
}

/** Published against generated, a row a figure of the group. */
function dumbbells({ figures }: CheckResult, group: string): Html {
  const rows = figures.filter((entry) => entry.group === group && entry.published !== null);
  return figure({
    chart: intervalChart(
      {
        summary: `${group}: published and generated.`,
        x: { label: 'share, log scale', scale: 'log', format: '.2~%' },
        width: 560,
        marginLeft: 210,
      },
      rows
        .filter(({ published, measured }) => (published ?? 0) > 0 && (measured ?? 0) > 0)
        .map(({ name, published, measured }) => ({
          name,
          values: [
            { value: published ?? 0, color: PUBLISHED },
            { value: measured ?? 0, color: GENERATED },
          ],
        })),
    ),
    caption: `${group}: grey published, blue generated.`,
  });
}

function beforeTheCease(result: CheckResult): Section {
  const weekly = (name: 'mean' | 'median', label: string): Html =>
    figure({
      chart: lineChart(
        {
          summary: `${label} of leavers in the eight weeks before the cease, published and generated.`,
          x: { label: 'week before the cease (0 ends with it)' },
          y: { label: `${label}, GB`, domain: [0, name === 'mean' ? 110 : 75] },
        },
        [
          {
            name: 'published',
            color: PUBLISHED,
            width: 4,
            points: WEEKS_BEFORE_THE_CEASE.map((week) => ({ x: -week.week, y: week[name] / 1000 })),
          },
          {
            name: 'generated',
            color: GENERATED,
            points: result.weeks.map((week) => ({ x: -week.week, y: week[name] / 1000 })),
          },
        ],
      ),
      caption: `${label} in a week; it falls slowly, there is no cliff.`,
    });
  const groups = ['leavers', 'stayers', 'use of leavers'].map((who) => `Before the cease: ${who}`);
  return section(
    'before',
    'Before the cease',
    html`${gallery([
      dumbbells(result, 'Before the cease: leavers'),
      dumbbells(result, 'Before the cease: stayers'),
      weekly('mean', 'Mean download'),
      weekly('median', 'Median download'),
    ])}
    ${tables(result, groups)}`,
  );
}
