import { runStepCommand } from '../step-command.ts';
import type { CommandModule } from '../command.ts';

export const command: CommandModule = {
  name: 'train',
  summary: 'train one model a horizon and put the set into use',
  description:
    'Trains the models of all horizons on the training set, evaluates them and makes the new model set the one in use.',
  examples: [{ command: 'train --set learner.seed=7', explains: 'train with another seed' }],
  run: async (session) => ({
    ...(await runStepCommand(session, { from: 'train', to: 'train', command: 'train' })),
    next: 'holdfast score',
  }),
};
