import type { CommandModule } from '../command.ts';
import { splitPair } from '../options.ts';
import { runStepCommand } from '../step-command.ts';

export const command: CommandModule = {
  name: 'lists',
  summary: 'write the action lists of the newest scores',
  description:
    'Writes one list a team as a table of the lake and as a CSV file in lists/, the most urgent first.',
  options: [
    {
      flags: '--capacity <list=rows>',
      help: 'keep the most urgent rows of a list and say how many were left; may be given several times',
      setting: (text) => {
        const { key, value } = splitPair(text, '--capacity');
        return [{ key: `lists.capacities.${key}`, value }];
      },
    },
  ],
  examples: [
    { command: 'lists', explains: 'write all lists' },
    { command: 'lists --capacity loyalty=500', explains: 'no more than 500 calls for the loyalty team' },
  ],
  run: async (session) => ({
    ...(await runStepCommand(session, { from: 'lists', to: 'lists', command: 'lists' })),
    next: 'holdfast lists show <list>',
  }),
};
