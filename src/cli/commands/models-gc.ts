import type { CommandModule } from '../command.ts';
import { loadWorkflow } from '../rooms.ts';
import { sentence } from '../models-options.ts';
import { withContext } from '../step-command.ts';

export const command: CommandModule = {
  name: 'models gc',
  summary: 'delete model sets of no use and what killed processes left',
  description:
    'Deletes the files of sets that are neither champion, challenger, proposed nor the champion before, beyond the newest of them; models that no set needs any more; and what a killed process left a day ago or longer. Every line of the history stays, and no number is given twice.',
  options: [
    {
      flags: '--keep <number>',
      help: 'sets of no use that stay all the same, the newest',
      type: 'integer',
      default: '10',
    },
    { flags: '--dry-run', help: 'say what would be deleted, and delete nothing' },
  ],
  examples: [
    { command: 'models gc --dry-run', explains: 'what would go' },
    { command: 'models gc --keep 3', explains: 'keep the three newest sets of no use' },
  ],
  run: (session, input) =>
    withContext(session, async (context) => {
      const { collectGarbage } = await loadWorkflow();
      const { summary, result } = await collectGarbage(context, {
        keep: input.integer('keep') ?? 10,
        dryRun: input.flag('dryRun'),
      });
      return {
        data: { dry_run: input.flag('dryRun'), ...result },
        ...(result.paths.length === 0 ? {} : { text: result.paths.join('\n') }),
        summary: sentence(summary),
      };
    }),
};
