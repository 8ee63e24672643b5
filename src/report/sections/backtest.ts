import { monthOf } from '../../domain/index.ts';
import { barChart, intervalChart } from '../charts.ts';
import { COLORS } from '../colors.ts';
import { count, percent, shareText } from '../format.ts';
import type { ReportedBacktest } from '../folds-report.ts';
import { type Html, html } from '../html.ts';
import type { ModelReport } from '../model-report.ts';
import { figure, gallery, type Section } from '../page.ts';
import { renderTable } from '../table.ts';

type List = ReportedBacktest['lists'][number];

/** What the lists of past months would have caught, and what that would have been worth. */
export function backtestSection({ backtest }: ModelReport): Section {
  return {
    id: 'backtest',
    title: 'Backtest',
    body: backtest === null ? NOT_TESTED : tested(backtest),
  };
}

const NOT_TESTED = html`<p>
  Not tested. <code>holdfast backtest</code> cuts the lists of past months by the models that could have
  existed then and counts what happened afterwards.
</p>`;

function tested(backtest: NonNullable<ModelReport['backtest']>): Html {
  const { lists, total, currency, money, assumption } = backtest;
  return html`<p>
      Made ${backtest.testedAt.slice(0, 10)} on version ${backtest.trainingSetVersion} of the training
      set${backtest.isCurrent ? '' : ', which is not the present one'}. At each month the lists were cut by
      models trained on what was known by then.
    </p>
    <p>${money}</p>
    <p class="soft">${assumption}</p>
    ${totalTable(lists, total, currency)}
    ${lists.map(
      (list) =>
        html`<h3>${nameOf(list)}</h3>
          ${gallery(figuresOf(list, currency))} ${monthTable(list, currency)}`,
    )}`;
}

const TOTAL_HEADINGS = ['months', 'contacted', 'caught', 'in vain', 'precision', 'leavers caught'];

function totalTable(
  lists: readonly List[],
  total: ReportedBacktest['total'],
  currency: ReportedBacktest['currency'],
): Html {
  return renderTable({
    caption:
      'Caught counts contacts, leavers caught counts everyone once. In brackets: 95 % intervals, from a bootstrap over those contacted.',
    columns: [
      { heading: 'list' },
      ...[...TOTAL_HEADINGS, currency].map((heading) => ({ heading, numeric: true })),
    ],
    rows: [
      ...lists.map(({ list, total: own }) => ({ name: list, months: count(own.months), own })),
      { name: 'all lists', months: null, own: total },
    ].map(({ name, months, own }) => [
      name,
      months,
      count(own.contacted),
      count(own.caught),
      count(own.inVain),
      shareText(own.precision, own.precisionInterval),
      count(own.leavers),
      moneyText(own.money),
    ]),
  });
}

/** Such as `calls (RED, 30 days, at most 60 a month)`. */
const nameOf = ({ list, tier, horizonDays, capacity }: List): string =>
  `${list} (${tier}, ${String(horizonDays)} days, ${capacity === null ? 'the whole tier' : `at most ${count(capacity)} a month`})`;

function monthTable({ months }: List, currency: string): Html {
  return renderTable({
    caption: 'In brackets: 95 % intervals of the precision by Wilson, since a row of a month is one entity.',
    columns: [
      { heading: 'month' },
      ...[
        'contacted',
        'caught',
        'in vain',
        'precision',
        'base rate',
        'caught by other lists',
        'missed',
        currency,
        'new on the list',
      ].map((heading) => ({ heading, numeric: true })),
    ],
    rows: months.map((month) =>
      'contacted' in month
        ? [
            monthOf(month.observedOn),
            count(month.contacted),
            count(month.caught),
            count(month.inVain),
            shareText(month.precision, month.precisionInterval),
            percent(month.baseRate),
            count(month.caughtByOthers),
            count(month.missed),
            moneyText(month.money),
            percent(month.churn),
          ]
        : [monthOf(month.observedOn), month.reason, null, null, null, null, null, null, null, null],
    ),
  });
}

/** Nothing where no month was counted. */
function figuresOf({ list, horizonDays, months }: List, currency: string): Html[] {
  const counted = months.flatMap((month) => ('contacted' in month ? [month] : []));
  if (counted.length === 0) return [];
  return [
    figure({
      chart: intervalChart(
        {
          summary: `Caught and missed leavers of the list ${list} by month.`,
          x: { label: `those who left within ${String(horizonDays)} days` },
          marginLeft: 70,
        },
        counted.map(({ observedOn, caught, missed }) => ({
          name: monthOf(observedOn),
          values: [
            { value: missed, color: COLORS.other },
            { value: caught, color: COLORS.model },
          ],
        })),
      ),
      caption: 'Those who left: caught by this list (blue) and on no list (orange).',
    }),
    figure({
      chart: barChart(
        {
          summary: `Expected money of the list ${list} by month.`,
          label: 'month',
          y: { label: currency, format: '~s' },
          height: 200,
        },
        counted.map(({ observedOn, money }) => ({
          name: monthOf(observedOn),
          value: money,
          color: money < 0 ? COLORS.other : COLORS.bar,
        })),
      ),
      caption: `Expected ${currency} by month, each month on its own.`,
    }),
  ];
}

const moneyText = (value: number): string => {
  const rounded = Math.round(value);
  return rounded < 0 ? `-${count(-rounded)}` : count(rounded);
};
