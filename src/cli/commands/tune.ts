import type { TunedHorizon } from '../../workflow/index.ts';
import type { CommandModule } from '../command.ts';
import { formatTable, snakeKeys } from '../format.ts';
import { loadWorkflow } from '../rooms.ts';
import { withContext } from '../step-command.ts';

export const command: CommandModule = {
  name: 'tune',
  summary: 'search for better parameters of the learner',
  description:
    'Judges points of a search space on folds of the rows that are not test rows, one study a horizon, and gives up hopeless trials early. Every trial is kept as it ends: a search that was interrupted goes on where it was. The trials are in the table gold.tuning_trials; train --tuned takes the best.',
  options: [
    {
      flags: '--method <method>',
      help: 'every point of the space, random draws, or the tree-structured Parzen estimator',
      choices: ['grid', 'random', 'tpe'],
      default: 'tpe',
    },
    {
      flags: '--space <space>',
      help: 'what is searched',
      choices: ['default', 'grid108', 'seven'],
      default: 'default',
    },
    { flags: '--trials <number>', help: 'most trials a horizon', type: 'integer', default: '100' },
    { flags: '--timeout <seconds>', help: 'begin no trial after so many seconds a horizon', type: 'integer' },
    {
      flags: '--folds <number>',
      help: 'folds; default: those of the selection of the pack',
      type: 'integer',
    },
    { flags: '--learner <name>', help: 'the learner; default: that of the pack' },
    { flags: '--horizon <days>', help: 'only this horizon', type: 'integer' },
  ],
  examples: [
    { command: 'tune --trials 50', explains: '50 trials a horizon' },
    { command: 'tune --method grid --space grid108', explains: 'all 108 points of a grid' },
    { command: 'tune --method random --space seven --timeout 600', explains: 'what ten minutes give' },
  ],
  run: (session, input) =>
    withContext(session, async (context) => {
      const { tuneStep, TUNE_METHODS, TUNE_SPACES } = await loadWorkflow();
      const timeoutSeconds = input.integer('timeout');
      const folds = input.integer('folds');
      const learner = input.text('learner');
      const horizonDays = input.integer('horizon');
      const { summary, result } = await tuneStep(context, {
        method: TUNE_METHODS.find((method) => method === input.text('method')) ?? 'tpe',
        space: TUNE_SPACES.find((space) => space === input.text('space')) ?? 'default',
        trials: input.integer('trials') ?? 100,
        ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
        ...(folds === undefined ? {} : { folds }),
        ...(learner === undefined ? {} : { learner }),
        ...(horizonDays === undefined ? {} : { horizonDays }),
      });
      return {
        data: snakeKeys(result) as Record<string, unknown>,
        text: textOf(result.horizons),
        summary: `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
        next: 'holdfast train --tuned',
      };
    }),
};

function textOf(horizons: readonly TunedHorizon[]): string {
  const table = formatTable(
    ['days', 'learner', 'method', 'space', 'trials', 'pruned', 'taken up again', 'metric', 'best'],
    horizons.map((own) => [
      own.days,
      own.learner,
      own.method,
      own.space,
      own.trials,
      own.pruned,
      own.resumed,
      own.metric,
      own.best === null ? null : Number(own.best.score.toFixed(4)),
    ]),
  );
  const found = horizons
    .filter(({ best }) => best !== null)
    .map(({ days, yaml }) => `# ${String(days)} days\n${yaml}`);
  return [table, ...found].join('\n\n');
}
