import type { EvaluateResult, HorizonEvaluation, SetEvaluation } from '../../workflow/index.ts';
import type { CommandModule } from '../command.ts';
import { foldsText } from '../fold-text.ts';
import { formatTable, intervalText, snakeKeys } from '../format.ts';
import { loadWorkflow } from '../rooms.ts';
import { withContext } from '../step-command.ts';

/** Metrics of the summary table; the JSON and the report hold all. */
const SHOWN = [
  ['auc_pr', 'AUC-PR'],
  ['auc_roc', 'AUC-ROC'],
  ['lift_at_top_10pct', 'lift top 10 %'],
  ['recall_at_top_10pct', 'captured top 10 %'],
  ['brier_skill', 'Brier skill'],
  ['calibration_slope', 'calibration slope'],
] as const;

type Split = HorizonEvaluation['test'];

export const command: CommandModule = {
  name: 'evaluate',
  summary: 'measure the models in use, with intervals, by segment and against simple baselines',
  description:
    'Measures the model set in use on the validation and test rows of the present training set: every metric with a 95 % interval from a bootstrap over entities, by segment and month, beside a logistic regression, the rule of the pack and the base rate. With --folds also models of past months, each trained on what was known by then. Writes reports/evaluation-set-N.json.',
  options: [
    {
      flags: '--resamples <number>',
      help: 'resamples of the bootstrap, at least 2',
      type: 'integer',
      default: '1000',
    },
    {
      flags: '--folds <number>',
      help: 'past months, the newest whose outcome is known, at which models are trained and measured anew',
      type: 'integer',
      default: '0',
    },
    { flags: '--segments', help: 'show the segments too' },
    {
      flags: '--allow-moved-split',
      help: 'measure although rows of test were used in training, since the splits have moved; the figures flatter',
    },
  ],
  examples: [
    { command: 'evaluate', explains: 'the metrics of the models in use' },
    { command: 'evaluate --folds 6', explains: 'and of models of the last six months, to see a lucky split' },
    { command: 'evaluate --segments', explains: 'where they are worse than on the whole' },
  ],
  run: (session, input) =>
    withContext(session, async (context) => {
      const { evaluateStep } = await loadWorkflow();
      const { summary, result } = await evaluateStep(context, {
        resamples: input.integer('resamples') ?? 1000,
        folds: input.integer('folds') ?? 0,
        allowMovedSplit: input.flag('allowMovedSplit'),
      });
      return {
        data: dataOf(result),
        text: textOf(result.evaluation, input.flag('segments')),
        summary: `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
        next: 'holdfast report',
      };
    }),
};

/** `horizons` by name, each split with its metrics beside rows, positives and base rate. */
function dataOf({ evaluation, file }: EvaluateResult): Readonly<Record<string, unknown>> {
  const { horizons, ...head } = evaluation;
  return {
    ...(snakeKeys(head) as Record<string, unknown>),
    file,
    horizons: Object.fromEntries(
      horizons.map(({ days, validation, test, ...rest }) => [
        `${String(days)}d`,
        {
          ...(snakeKeys(rest) as Record<string, unknown>),
          validation: splitData(validation),
          test: splitData(test),
        },
      ]),
    ),
  };
}

function splitData(split: Split): unknown {
  if (!('rows' in split)) return split;
  const { metrics, ...sample } = split;
  return { ...(snakeKeys(sample) as Record<string, unknown>), ...metrics };
}

function textOf({ horizons }: SetEvaluation, withSegments: boolean): string {
  const texts = [
    formatTable(
      ['horizon', 'split', 'rows', 'positives', 'base rate', ...SHOWN.map(([, title]) => title)],
      horizons.flatMap(({ days, validation, test }) => [
        rowOf(days, 'validation', validation),
        rowOf(days, 'test', test),
      ]),
    ),
    'In brackets: 95 % intervals from a bootstrap over entities.',
    formatTable(
      ['horizon', 'compared on', 'with', 'AUC-PR', 'AUC-ROC', 'model ahead, AUC-PR', 'model ahead, AUC-ROC'],
      horizons.flatMap(({ days, detail, validation, test }) => [
        comparison(days, detail.split, 'the model', detail.split === 'test' ? test : validation),
        ...detail.baselines.map(({ name, metrics, modelMinusBaseline: ahead }) => [
          ...comparison(days, detail.split, name, metrics),
          ahead === null ? null : intervalText(ahead.auc_pr),
          ahead === null ? null : intervalText(ahead.auc_roc),
        ]),
      ]),
    ),
    'Model ahead: the model less the baseline on the same resamples; an interval that holds 0 leaves open which is better.',
  ];
  const folds = foldsText(horizons);
  return [
    ...texts,
    ...(folds === undefined ? [] : [folds]),
    ...(withSegments ? [segmentsText(horizons)] : []),
  ].join('\n\n');
}

function segmentsText(horizons: SetEvaluation['horizons']): string {
  return formatTable(
    ['horizon', 'segment', 'value', 'rows', 'positives', 'AUC-PR', 'AUC-ROC', 'calibration in the large'],
    horizons.flatMap(({ days, detail }) =>
      detail.segments.flatMap(({ segment, parts }) =>
        parts.map(({ value, rows, positives, metrics }) => [
          days,
          segment,
          value,
          rows,
          positives,
          ...('rows' in metrics
            ? [
                shown(metrics, 'auc_pr'),
                shown(metrics, 'auc_roc'),
                shown(metrics, 'calibration_in_the_large'),
              ]
            : [metrics.reason, null, null]),
        ]),
      ),
    ),
  );
}

function rowOf(days: number, name: string, split: Split): (string | number | null)[] {
  if (!('rows' in split)) return [days, name, 0, null, null, split.reason];
  return [
    days,
    name,
    split.rows,
    split.positives,
    Number((split.baseRate ?? 0).toPrecision(3)),
    ...SHOWN.map(([metric]) => shown(split, metric)),
  ];
}

function comparison(days: number, split: string, name: string, metrics: Split): (string | number | null)[] {
  if (!('rows' in metrics)) return [days, split, name, metrics.reason, null];
  return [days, split, name, shown(metrics, 'auc_pr'), shown(metrics, 'auc_roc')];
}

/** `.312 [.290, .335]`, or why there is none. */
function shown(split: Extract<Split, { rows: number }>, metric: string): string {
  return intervalText(split.metrics[metric]);
}
