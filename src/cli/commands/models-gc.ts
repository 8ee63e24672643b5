import type { CommandModule } from '../command.ts';
import { loadWorkflow } from '../rooms.ts';
import { sentence } from '../models-options.ts';
import { withContext } from '../step-command.ts';

export const command: CommandModule = {
  name: 'models gc',
  summary: 'delete archived model sets and what killed processes left',
  description:
    'Deletes the files of archived sets beyond the newest ones, models that no set needs any more, and what a killed process left a day ago or longer. Champion, challenger and the champion before stay, and so does every line of the history.',
  options: [
    { flags: '--keep <number>', help: 'archived sets that stay, the newest', type: 'integer', default: '10' },
    { flags: '--dry-run', help: 'say what would be deleted, and delete nothing' },
  ],
  examples: [
    { command: 'models gc --dry-run', explains: 'what would go' },
    { command: 'models gc --keep 3', explains: 'keep the three newest archived sets' },
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
