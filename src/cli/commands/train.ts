import { runStepCommand } from '../step-command.ts';
import type { CommandModule } from '../command.ts';

export const command: CommandModule = {
  name: 'train',
  summary: 'train one model a horizon and put the set into use',
  description:
    'Trains the models of all horizons on the training set, evaluates them and makes the new model set the one in use.',
  options: [
    { flags: '--tuned', help: 'take what holdfast tune found instead of the candidates of the pack' },
  ],
  examples: [
    { command: 'train --set learner.seed=7', explains: 'train with another seed' },
    { command: 'train --tuned', explains: 'train with the best parameters of the last search' },
  ],
  run: async (session, input) => ({
    ...(await runStepCommand(session, {
      from: 'train',
      to: 'train',
      command: 'train',
      tuned: input.flag('tuned'),
    })),
    next: 'holdfast score',
  }),
};
