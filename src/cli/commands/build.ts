import { runStepCommand } from '../step-command.ts';
import type { CommandModule } from '../command.ts';

export const command: CommandModule = {
  name: 'build',
  summary: 'make the tables of the pack, its labels and its training set',
  description:
    'Makes every table whose SQL or inputs have changed, checks the expectations, and prepares labels, splits and the training set.',
  examples: [{ command: 'build --verbose', explains: 'bring all tables up to date' }],
  run: async (session) => ({
    ...(await runStepCommand(session, { from: 'build', to: 'build', command: 'build' })),
    next: 'holdfast train',
  }),
};
