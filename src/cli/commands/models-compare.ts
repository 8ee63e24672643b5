import type { HorizonEvidence } from '../../registry/index.ts';
import type { CommandModule } from '../command.ts';
import { formatTable, intervalText, snakeKeys } from '../format.ts';
import { gateTable } from '../gate-text.ts';
import { sentence } from '../models-options.ts';
import { loadWorkflow } from '../rooms.ts';
import { withContext } from '../step-command.ts';

/** Metrics of the table; the JSON holds all. */
const SHOWN = ['auc_pr', 'auc_roc', 'lift_at_top_10pct', 'brier', 'calibration_error'] as const;

export const command: CommandModule = {
  name: 'models compare',
  summary: 'measure two model sets on the same test rows',
  description:
    'Measures both sets on the test rows of the present training set, and says what the gates would say if the first were to take the place of the second. Changes nothing.',
  arguments: [
    { name: '<set>', help: 'number of the set, champion or challenger' },
    { name: '<other>', help: 'the one it is compared with' },
  ],
  options: [{ flags: '--segments', help: 'show every segment, also those that passed' }],
  examples: [
    { command: 'models compare challenger champion', explains: 'is the challenger better, and how surely?' },
  ],
  run: (session, input) =>
    withContext(session, async (context) => {
      const { compareSets, setNamed } = await loadWorkflow();
      const state = await context.registry.state();
      const [set, other] = [input.arguments[0] ?? '', input.arguments[1] ?? ''].map((text) =>
        setNamed(state, text),
      );
      const { summary, result } = await compareSets(context, set ?? 0, other ?? 0);
      return {
        data: { set, other, ...(snakeKeys(result) as object) },
        text: [
          formatTable(
            ['horizon', 'set', 'test rows', 'base rate', ...SHOWN],
            result.measured.horizons.flatMap((horizon) => [
              rowOf(horizon, String(set), horizon.test),
              rowOf(horizon, String(other), horizon.championTest),
            ]),
          ),
          'In brackets: 95 % intervals from a bootstrap over entities.',
          gateTable(result.verdicts, input.flag('segments')),
        ].join('\n\n'),
        summary: sentence(summary),
      };
    }),
};

function rowOf(
  { horizonDays }: HorizonEvidence,
  set: string,
  test: HorizonEvidence['championTest'],
): unknown[] {
  const head = [`${String(horizonDays)} d`, set];
  if (test === null) return [...head, 'not measured', null, ...SHOWN.map(() => null)];
  if (!('rows' in test)) return [...head, test.reason, null, ...SHOWN.map(() => null)];
  return [
    ...head,
    test.rows,
    Number(test.baseRate?.toPrecision(4)),
    ...SHOWN.map((name) =>
      intervalText(test.metrics[name], name === 'brier' || name === 'calibration_error' ? 4 : 3),
    ),
  ];
}
