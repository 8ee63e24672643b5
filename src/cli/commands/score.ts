import { runStepCommand } from '../step-command.ts';
import type { CommandModule } from '../command.ts';

export const command: CommandModule = {
  name: 'score',
  summary: 'score every entity at risk and give it a tier',
  description:
    'Scores all entities at risk in the newest snapshot with the model set in use. Running it twice changes nothing.',
  examples: [{ command: 'score --set tiers.basis=probability', explains: 'score with thresholds on the probability' }],
  run: async (session) => ({
    ...(await runStepCommand(session, { from: 'score', to: 'score', command: 'score' })),
    next: 'holdfast lists',
  }),
};
