import type { Backtest } from '../../workflow/index.ts';
import type { CommandModule } from '../command.ts';
import { type Cell, formatTable, snakeKeys } from '../format.ts';
import { splitPair } from '../options.ts';
import { loadWorkflow } from '../rooms.ts';
import { withContext } from '../step-command.ts';

export const command: CommandModule = {
  name: 'backtest',
  summary: 'see what the lists of past months would have caught, by the models of then',
  description:
    'Walks forward over past months. At each, models are trained on what was known by then, the customers of the month are scored, the lists are cut at their capacities, and what happened afterwards is counted: who was caught, who was missed, who would have been contacted in vain, and what that is worth under the assumptions of the pack. Writes reports/backtest.json.',
  options: [
    {
      flags: '--months <number>',
      help: 'past months a list, the newest whose outcome is known',
      type: 'integer',
      default: '6',
    },
    {
      flags: '--capacity <list=rows>',
      help: 'keep the most urgent rows of a list; without one the whole tier is contacted; may be given several times',
      setting: (text) => {
        const { key, value } = splitPair(text, '--capacity');
        return [{ key: `lists.capacities.${key}`, value }];
      },
    },
  ],
  examples: [
    { command: 'backtest', explains: 'the lists of the last six months' },
    {
      command: 'backtest --months 12 --capacity loyalty=500',
      explains: 'a year, with no more than 500 calls a month for the loyalty team',
    },
  ],
  run: (session, input) =>
    withContext(session, async (context) => {
      const { backtestStep } = await loadWorkflow();
      const { summary, result } = await backtestStep(context, { months: input.integer('months') ?? 6 });
      return {
        data: { ...(snakeKeys(result.backtest) as Record<string, unknown>), file: result.file },
        text: textOf(result.backtest),
        summary: `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
        next: 'holdfast report',
      };
    }),
};

function textOf({ lists, total, currency, money, assumption }: Backtest): string {
  const months = lists.flatMap(({ list, horizonDays, months: own }) =>
    own.map((month): Cell[] => {
      const head = [list, horizonDays, month.observedOn];
      if (!('contacted' in month)) return [...head, month.reason];
      return [
        ...head,
        month.contacted,
        month.caught,
        month.inVain,
        withInterval(month.precision, month.precisionInterval),
        percent(month.baseRate),
        month.caughtByOthers,
        month.missed,
        Math.round(month.money),
        percent(month.churn),
      ];
    }),
  );
  const totals = lists.map(({ list, total: own }): Cell[] => [
    list,
    own.months,
    own.contacted,
    own.caught,
    own.inVain,
    withInterval(own.precision, own.precisionInterval),
    own.leavers,
    own.caughtByOthers,
    own.missed,
    Math.round(own.money),
  ]);
  const unknown = lists
    .flatMap(({ months: own }) => own)
    .reduce((sum, month) => sum + ('contacted' in month ? month.withoutValue : 0), 0);
  return [
    formatTable(
      [
        'list',
        'days',
        'month',
        'contacted',
        'caught',
        'in vain',
        'precision',
        'base rate',
        'caught by other lists',
        'missed',
        currency,
        'new on the list',
      ],
      months,
    ),
    formatTable(
      [
        'total',
        'months',
        'contacted',
        'caught',
        'in vain',
        'precision',
        'leavers',
        'caught by other lists',
        'missed',
        currency,
      ],
      [
        ...totals,
        [
          'all lists',
          null,
          total.contacted,
          total.caught,
          total.inVain,
          withInterval(total.precision, total.precisionInterval),
          total.leavers,
          null,
          null,
          Math.round(total.money),
        ],
      ],
    ),
    [
      'In brackets: 95 % intervals of the precision, of a month by Wilson (a row is one entity), of totals from a bootstrap over those contacted.',
      money,
      ...(unknown === 0 ? [] : [`The value of ${String(unknown)} contacts is not known and counts as 0.`]),
      assumption.trim(),
    ].join('\n'),
  ].join('\n\n');
}

function withInterval(
  share: number | null,
  interval: { readonly lower: number; readonly upper: number } | null,
): string | null {
  const shown = percent(share);
  if (shown === null || interval === null) return shown;
  return `${shown} [${(100 * interval.lower).toFixed(1)}, ${(100 * interval.upper).toFixed(1)}]`;
}

const percent = (share: number | null): string | null =>
  share === null ? null : `${(100 * share).toFixed(1)} %`;
