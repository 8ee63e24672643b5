import type { CommandModule } from '../command.ts';
import { loadWorkflow } from '../rooms.ts';
import { withContext } from '../step-command.ts';
import { authorOptions, needWhy, sentence } from '../models-options.ts';

export const command: CommandModule = {
  name: 'models rollback',
  summary: 'make the champion before, or a set you name, champion again',
  description:
    'Makes the previous champion champion again after reading and checking its files. Scores and lists that are there stay until they are made anew.',
  options: [{ flags: '--to <set>', help: 'number of the set', type: 'count' }, ...authorOptions(true)],
  examples: [
    { command: 'models rollback --why "list of tuesday is wrong"', explains: 'back to the champion before' },
    { command: 'models rollback --to 3 --why "as agreed"', explains: 'back to set 3' },
  ],
  run: (session, input) =>
    withContext(session, async (context) => {
      const { rollback } = await loadWorkflow();
      const to = input.integer('to');
      const { summary, result } = await rollback(context, {
        ...needWhy(input),
        ...(to === undefined ? {} : { to }),
      });
      return {
        data: {
          champion: result.champion,
          before: result.before,
          scores:
            result.scores === null
              ? null
              : { score_date: result.scores.scoreDate, model_set: result.scores.modelSet },
          consequence: result.consequence,
        },
        summary: sentence(summary),
        next: 'holdfast run --from score',
      };
    }),
};
