/** What was found about one table as a page. */
import type { ColumnProfile, FindingLevel, HistogramBin, TableProfile, ValueCount } from '../domain/index.ts';
import { groupDigits } from '../kernel/index.ts';
import { type Axis, barChart, dotChart } from './charts.ts';
import { decimal, percent } from './format.ts';
import { type Html, html } from './html.ts';
import { figure, gallery, renderPage } from './page.ts';
import { type Cell, renderTable } from './table.ts';

/** Wide tables show so many columns as charts; the table of columns has all. */
const MOST_FIGURES = 80;
const ROWS_COLOR = '#5b7c99';
const RATE_COLOR = '#b85c00';

const LEVEL_WORDS: Readonly<Record<FindingLevel, string>> = {
  problem: 'problem',
  unsure: 'to confirm',
  note: 'found',
};

const ROLE_WORDS: Readonly<Record<ColumnProfile['role'], string>> = {
  target: 'target',
  key: 'key',
  feature: 'feature',
  constant: 'constant',
  identifier: 'id in disguise',
  free_text: 'free text',
  many_levels: 'too many levels',
  copy: 'copy',
  after_the_fact: 'after the fact',
};

/** The whole page as text. */
export function renderProfilePage(profile: TableProfile): string {
  const { name, rows, columns, target } = profile;
  const dated = columns.filter(({ dates }) => dates !== null);
  return renderPage({
    title: `Profile of ${name}`,
    lead: html`${groupDigits(rows)} rows, ${groupDigits(columns.length)}
    columns${
      target === null
        ? '. No target was named: rates and what separates are left out.'
        : `; ${groupDigits(target.rows.positive)} of ${groupDigits(target.rows.positive + target.rows.negative)} rows with a label left (${percent(baseRate(profile)) ?? ''}).`
    }`,
    sections: [
      { id: 'findings', title: 'Findings', body: findingsTable(profile) },
      { id: 'columns', title: 'Columns', body: columnsTable(profile) },
      { id: 'distributions', title: 'Distributions', body: distributions(profile) },
      { id: 'correlations', title: 'Correlations', body: correlations(profile) },
      ...(dated.length === 0 ? [] : [{ id: 'time', title: 'Time', body: coverage(dated) }]),
    ],
  });
}

const baseRate = ({ target }: TableProfile): number =>
  target === null ? 0 : target.rows.positive / Math.max(1, target.rows.positive + target.rows.negative);

function findingsTable({ findings }: TableProfile): Html {
  if (findings.length === 0) return html`<p>Nothing stands out.</p>`;
  return renderTable({
    columns: [{ heading: 'what' }, { heading: 'column' }, { heading: 'finding' }, { heading: 'changed by' }],
    rows: findings.map(({ level, column, says, flag }) => [
      { text: LEVEL_WORDS[level], ...(level === 'problem' ? { mood: 'bad' as const } : {}) },
      column ?? '',
      says,
      flag ?? '',
    ]),
  });
}

function columnsTable({ columns, rows, target }: TableProfile): Html {
  const measured = target !== null;
  return renderTable({
    columns: [
      { heading: 'column' },
      { heading: 'read as' },
      { heading: 'unit' },
      { heading: 'role' },
      { heading: 'missing', numeric: true },
      { heading: 'not readable', numeric: true },
      { heading: 'distinct', numeric: true },
      { heading: 'values' },
      ...(measured ? [{ heading: 'AUC alone', numeric: true }] : []),
    ],
    rows: columns.map((column) => [
      column.name,
      column.kind,
      column.unit ?? '',
      ROLE_WORDS[column.role],
      share(column.missing, rows),
      groupDigits(column.unreadable),
      groupDigits(column.distinct),
      valuesText(column),
      ...(measured ? [areaCell(column)] : []),
    ]),
    caption:
      'Missing counts NULL, blanks and words such as NA. AUC alone is what one column reaches by itself, in the better direction.',
  });
}

const share = (part: number, whole: number): string =>
  part === 0 ? '0' : `${groupDigits(part)} (${percent(part / Math.max(1, whole)) ?? ''})`;

function areaCell({ separation }: ColumnProfile): Cell | null {
  const best = Math.max(separation?.byValue ?? 0, separation?.byBand ?? 0);
  if (best === 0) return null;
  const text = decimal(best) ?? '';
  return separation?.suspicion == null ? { text } : { text, mood: 'bad' };
}

/** The range of numbers and dates, the first levels of everything else. */
function valuesText({ numbers, dates, values, distinct }: ColumnProfile): string {
  if (numbers !== null)
    return `${short(numbers.least)} to ${short(numbers.most)}, median ${short(numbers.quantiles[2] ?? 0)}`;
  if (dates !== null) return `${dates.first} to ${dates.last}`;
  const shown = values.slice(0, 4).map(({ value }) => (value.length > 24 ? `${value.slice(0, 23)}…` : value));
  return shown.join(', ') + (distinct > shown.length ? ', …' : '');
}

const short = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e15
    ? groupDigits(value)
    : String(Number(value.toPrecision(4)));

function distributions(profile: TableProfile): Html {
  const drawn = profile.columns.filter(
    ({ histogram, values, role }) =>
      (histogram.length > 0 || values.length > 0) &&
      role !== 'key' &&
      role !== 'identifier' &&
      role !== 'free_text',
  );
  const left = drawn.length - MOST_FIGURES;
  return html`${left > 0 ? html`<p>The first ${MOST_FIGURES} columns; ${groupDigits(left)} more are in the table above.</p>` : undefined}
  ${gallery(drawn.slice(0, MOST_FIGURES).map((column) => columnFigure(column, profile)))}`;
}

interface Bar {
  readonly name: string;
  readonly rows: number;
  readonly labelled: number;
  readonly positives: number;
}

const MOST_BARS = 20;

function columnFigure(column: ColumnProfile, profile: TableProfile): Html {
  const bars = column.histogram.length > 0 ? column.histogram.map(binBar) : levelBars(column.values);
  const rateOf = ({ positives, labelled }: Bar): number | null =>
    labelled === 0 ? null : positives / labelled;
  const withRates = profile.target !== null && column.role !== 'target';
  const rows = barChart(
    {
      summary: `Rows of ${profile.name} by ${column.name}.`,
      y: { label: 'rows', format: '~s' },
      label: column.name,
      height: 180,
    },
    bars.map(({ name, rows: value }) => ({ name, value, color: ROWS_COLOR })),
  );
  return figure({
    chart: html`<h3>${column.name}</h3>
      ${rows}${withRates ? rateChart(column, bars, baseRate(profile)) : undefined}`,
    caption: `${ROLE_WORDS[column.role]}${column.why === null ? '' : `: ${column.why}`}; ${share(column.missing, profile.rows)} missing, ${groupDigits(column.distinct)} distinct`,
    table: renderTable({
      columns: [
        { heading: column.name },
        { heading: 'rows', numeric: true },
        { heading: 'share', numeric: true },
        ...(withRates ? [{ heading: 'left', numeric: true }] : []),
      ],
      rows: bars.map((bar) => [
        bar.name,
        groupDigits(bar.rows),
        percent(bar.rows / Math.max(1, profile.rows)),
        ...(withRates ? [percent(rateOf(bar))] : []),
      ]),
    }),
  });
}

/** The share that left, by bin or level, from left to right as the bars above. */
function rateChart(column: ColumnProfile, bars: readonly Bar[], rate: number): Html {
  const points = bars.flatMap(({ positives, labelled }, index) => {
    if (labelled === 0) return [];
    const value = positives / labelled;
    const error = 1.96 * Math.sqrt(Math.max(value * (1 - value), 1e-9) / labelled);
    return [{ x: index + 1, y: value, lower: Math.max(0, value - error), upper: Math.min(1, value + error) }];
  });
  const x: Axis = { label: `bar of ${column.name}`, domain: [0.5, bars.length + 0.5] };
  return dotChart(
    {
      summary: `Share that left by ${column.name}; ${percent(rate) ?? ''} of all rows.`,
      x,
      y: { label: 'left', format: '.0%' },
      height: 150,
    },
    [{ name: 'left', color: RATE_COLOR, points }],
  );
}

function binBar({ from, to, rows, labelled, positives }: HistogramBin): Bar {
  const name = to - from === 1 && Number.isInteger(from) ? String(from) : `${short(from)}–${short(to)}`;
  return { name, rows, labelled, positives };
}

function levelBars(values: readonly ValueCount[]): Bar[] {
  return values.slice(0, MOST_BARS).map(({ value, rows, labelled, positives }) => ({
    name: value.length > 18 ? `${value.slice(0, 17)}…` : value,
    rows,
    labelled,
    positives,
  }));
}

function correlations({ pairs }: TableProfile): Html {
  if (pairs.length === 0)
    return html`<p>No two columns go together with a correlation of .5 or more, in either direction.</p>`;
  return renderTable({
    columns: [
      { heading: 'column' },
      { heading: 'column' },
      { heading: 'correlation', numeric: true },
      { heading: 'what' },
    ],
    rows: pairs.map(({ one, other, correlation, factor, isCopy }) => [
      one,
      other,
      decimal(correlation),
      factor !== null ? `the first is ${short(factor)} times the second` : isCopy ? 'they say the same' : '',
    ]),
    caption:
      'Pearson correlation of numbers, strongest first; categories where each level of one is a level of the other.',
  });
}

function coverage(dated: readonly ColumnProfile[]): Html {
  return gallery(
    dated.map(({ name, dates }) => {
      const months = dates?.months ?? [];
      const isLong = months.length > 36;
      const counted = new Map<string, number>();
      for (const { month, rows } of months) {
        const at = isLong ? month.slice(0, 4) : month;
        counted.set(at, (counted.get(at) ?? 0) + rows);
      }
      const bars = [...counted].map(([at, rows]) => ({ name: at, value: rows, color: ROWS_COLOR }));
      return figure({
        chart: barChart(
          {
            summary: `Rows by ${isLong ? 'year' : 'month'} of ${name}.`,
            y: { label: 'rows', format: '~s' },
            label: name,
            height: 180,
          },
          bars,
        ),
        caption: `${name}: ${dates?.first ?? ''} to ${dates?.last ?? ''}`,
        table: renderTable({
          columns: [{ heading: isLong ? 'year' : 'month' }, { heading: 'rows', numeric: true }],
          rows: bars.map((bar) => [bar.name, groupDigits(bar.value)]),
        }),
      });
    }),
  );
}
