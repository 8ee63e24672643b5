import type { EntityExplanation } from '../../workflow/index.ts';
import type { CommandModule } from '../command.ts';
import { explanationText, secondOpinionText } from '../explain-text.ts';
import { snakeKeys } from '../format.ts';
import { loadWorkflow } from '../rooms.ts';
import { withContext } from '../step-command.ts';

export const command: CommandModule = {
  name: 'explain',
  summary: 'say why an entity has the scores that it has',
  description:
    "Shows the probability of each horizon beside the base rate, the reasons in the pack's words, and what each feature gives to the raw score of one horizon (exact Shapley values, log-odds: they add up to the score). Explains anyone who has features, contacted or not.",
  arguments: [{ name: '<entity>', help: 'key of the entity, such as a customer number' }],
  options: [
    { flags: '--date <date>', help: 'explain this observation date instead of the newest', type: 'date' },
    {
      flags: '--horizon <days>',
      help: "explain the model of this horizon (default: that of the entity's tier, or the shortest)",
      type: 'integer',
    },
    { flags: '--all', help: 'show the contributions of all features, not of the ten strongest alone' },
    {
      flags: '--lime',
      help: 'ask LIME for a second opinion, which is given where its line fits and refused where it does not',
    },
  ],
  examples: [
    { command: 'explain C0001234', explains: 'the reasons behind a score, before a call' },
    { command: 'explain C0001234 --horizon 90 --all', explains: 'every contribution to the 90-day score' },
    { command: 'explain C0001234 --date 2024-09-01 --json', explains: 'an earlier date, for a program' },
  ],
  run: (session, input) =>
    withContext(session, async (context) => {
      const { explainEntity } = await loadWorkflow();
      const date = input.text('date');
      const horizonDays = input.integer('horizon');
      const explanation: EntityExplanation = await explainEntity(context, input.arguments[0] ?? '', {
        ...(date === undefined ? {} : { date }),
        ...(horizonDays === undefined ? {} : { horizonDays }),
        lime: input.flag('lime'),
      });
      const shown = { entityName: context.pack.file.entity.name, all: input.flag('all') };
      const { lime } = explanation;
      return {
        data: snakeKeys(explanation) as Readonly<Record<string, unknown>>,
        text: [
          explanationText(explanation, shown),
          ...(lime === undefined ? [] : [secondOpinionText(lime)]),
        ].join('\n\n'),
      };
    }),
};
