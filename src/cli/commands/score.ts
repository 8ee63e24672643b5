import type { CommandModule } from '../command.ts';
import { counted, snakeKeys } from '../format.ts';
import { loadWorkflow } from '../rooms.ts';
import { presentRun, withContext } from '../step-command.ts';

export const command: CommandModule = {
  name: 'score',
  summary: 'score every entity at risk and give it a tier',
  description:
    'Scores all entities at risk in the newest snapshot with the model set in use. Running it twice changes nothing.',
  options: [{ flags: '--export <file>', help: 'write the newest scores to a CSV file as well' }],
  examples: [
    { command: 'score --export scores.csv', explains: 'score, and hand the scores to another system' },
    { command: 'score --set tiers.basis=probability', explains: 'with thresholds on the probability' },
  ],
  run: (session, input) =>
    withContext(session, async (context) => {
      const { exportScores, runSteps } = await loadWorkflow();
      const run = presentRun(await runSteps(context, { from: 'score', to: 'score', command: 'score' }));
      const file = input.text('export');
      if (file === undefined) return { ...run, next: 'holdfast lists' };
      const exported = await exportScores(context, file);
      return {
        ...run,
        data: { ...run.data, export: snakeKeys(exported) },
        summary: `Wrote ${counted(exported.rows, 'score')} of ${exported.scoreDate} to ${exported.file}.`,
        next: 'holdfast lists',
      };
    }),
};
